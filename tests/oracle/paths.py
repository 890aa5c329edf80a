"""fct_path_stages: leads with all their deals, and deals that no lead came before, as one way each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.records import owner_of
from tests.oracle.stages import Directory
from tests.oracle.visits import is_passed_on

if TYPE_CHECKING:
    from tests.oracle.inputs import Row
    from tests.oracle.records import Deal, Lead
    from tests.oracle.stages import StageFacts
    from tests.oracle.stays import Stay

NOTHING = Decimal(0)


@dataclass
class Path:
    """A lead with its deals, or one deal."""

    lead: Lead | None
    deals: list[Deal] = field(default_factory=list)

    @property
    def first(self) -> Deal | Lead:
        """Its first record."""
        return self.lead or self.deals[0]

    @property
    def records(self) -> list[Deal | Lead]:
        """All of them."""
        return [*([self.lead] if self.lead else []), *self.deals]

    @property
    def is_lost(self) -> bool:
        """Whether nothing can come of it any more."""
        return all(record.stage.kind is StageKind.LOST for record in (self.deals or self.records))

    def stands_at(self, record: Deal | Lead, stage: StageFacts) -> bool:
        """A path stands where its deals stand, and without deals where its lead does."""
        is_shown = record.record_type == "deal" or not self.deals
        return is_shown and record.stage.stage_key == stage.stage_key

    def last_open(self) -> str | None:
        """The stage of its latest open stay; of stays that began together those of deals come first."""
        stays = [
            (stay.entered_at, record.record_type == "deal", record.key, stay.number, stay.stage.stage_key)
            for record in self.records
            for stay in record.stays
            if stay.stage.kind is StageKind.OPEN
        ]
        return max(stays)[-1] if stays else None


def paths_of(leads: list[Lead], deals: list[Deal]) -> list[Path]:
    """The paths of all records that exist."""
    by_lead = {lead.key: Path(lead) for lead in leads if lead.exists}
    alone = []
    for deal in deals:
        if deal.exists:
            lead = by_lead.get(str(deal.origin["lead_key"]))
            if lead is None:
                alone.append(Path(None, [deal]))
            else:
                lead.deals.append(deal)
    return [*by_lead.values(), *alone]


def fct_path_stages(leads: list[Lead], deals: list[Deal]) -> list[Row]:
    """One row per path and stage that one of its records was in or that is filled in for it."""
    last_positions = _last_lead_positions([*leads, *deals])
    rows = []
    for path in paths_of(leads, deals):
        stages: dict[str, StageFacts] = {}
        records: dict[str, list[Deal | Lead]] = defaultdict(list)
        for record in path.records:
            for stage in _visited(record):
                stages[stage.stage_key] = stage
                records[stage.stage_key].append(record)
            for stage in _filled_in(path, record):
                stages.setdefault(stage.stage_key, stage)
                records[stage.stage_key].append(record)
        before = last_positions[path.first.connection.name]
        rows += [_row(path, stage, records[key], before) for key, stage in stages.items()]
    return rows


def _visited(record: Deal | Lead) -> list[StageFacts]:
    return list({stay.stage.stage_key: stay.stage for stay in record.stays}.values())


def _filled_in(path: Path, record: Deal | Lead) -> list[StageFacts]:
    """What the path is taken to have been in where one of its records was further."""
    if path.is_lost:
        return []
    found: list[StageFacts] = []
    for pipeline_id in {stay.stage.pipeline_id for stay in record.stays}:
        stages = [stay.stage for stay in record.stays if stay.stage.pipeline_id == pipeline_id]
        places = [stage.position or 0 for stage in stages if stage.kind is StageKind.OPEN]
        is_won = any(stage.kind is StageKind.WON for stage in stages)
        open_stages = record.directory.active_open_stages(pipeline_id)
        found += [stage for stage in open_stages if is_won or (stage.position or 0) <= max(places, default=0)]
    return [stage for stage in found if stage.stage_key not in {own.stage_key for own in _visited(record)}]


def _last_lead_positions(records: list[Deal | Lead]) -> dict[str, int]:
    """By connection, where its statuses of leads end; 0 where it has none."""
    connections = {record.connection.name: record.connection for record in records}
    directories = {name: Directory(connection, "lead") for name, connection in connections.items()}
    return {name: max(directory.positions(), default=0) for name, directory in directories.items()}


def _row(path: Path, stage: StageFacts, records: list[Deal | Lead], before: int) -> Row:
    first = path.first
    shared = {name: first.common[name] for name in ("connection", "record_type", "record_url", "title")}
    is_of_lead = records[0].record_type == "lead"
    origin = first.description
    position = None if stage.position is None else stage.position + (0 if is_of_lead else before)
    return (
        {"path_key": first.key, "record_key": first.key}
        | shared
        | origin
        | owner_of(first)
        | {
            "created_date": first.reporting.day(first.created_at),
            "pipeline_key": stage.pipeline_key,
            "pipeline_name": records[0].directory.pipeline_names[stage.pipeline_id],
            "stage_key": stage.stage_key,
            "stage_name": stage.name,
            "stage_kind": stage.kind.value,
            "stage_position": stage.position,
            "path_position": position,
        }
        | _measures(path, stage, records)
    )


def _measures(path: Path, stage: StageFacts, records: list[Deal | Lead]) -> Row:
    stays = {record.key: _stays(record, stage) for record in records}
    there = [record for record in records if path.stands_at(record, stage)]
    visitors = [record for record in records if stays[record.key]]
    all_stays = [stay for found in stays.values() for stay in found]
    return {
        "reached_count": int(bool(visitors)),
        "reached_with_conversion_count": 1,
        "reached_amount": _worth(visitors),
        "passed_on_count": int(any(_is_passed_on(path, record, stage) for record in visitors)),
        "current_count": int(bool(there)),
        "current_amount": _worth(there),
        "completed_visits": sum(stay.exited_at is not None for stay in all_stays),
        "total_seconds_in_stage": sum(stay.seconds or 0 for stay in all_stays),
        "lost_from_here_count": int(path.is_lost and path.last_open() == stage.stage_key),
    }


def _stays(record: Deal | Lead, stage: StageFacts) -> list[Stay]:
    return [stay for stay in record.stays if stay.stage.stage_key == stage.stage_key]


def _is_passed_on(path: Path, record: Deal | Lead, stage: StageFacts) -> bool:
    """A lead has also gone on when a deal came of it."""
    if is_passed_on(record, stage):
        return True
    if record.record_type == "deal" or stage.kind is not StageKind.OPEN:
        return False
    first_entered_at = _stays(record, stage)[0].entered_at
    return any(deal.created_at >= first_entered_at for deal in path.deals)


def _worth(records: list[Deal | Lead]) -> Decimal:
    return sum((record.amount_converted or NOTHING for record in records), NOTHING)
