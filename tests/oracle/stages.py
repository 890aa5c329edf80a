"""Pipelines, stages and employees of one connection, those known from history only included."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.history import deal_histories, lead_histories

if TYPE_CHECKING:
    from decimal import Decimal

    from simulator.visible_records import VisiblePipeline, VisibleStage
    from tests.oracle.inputs import Connection


@dataclass(frozen=True)
class StageFacts:
    """What is known of a stage; open ones have a position, a won one has the position after them."""

    pipeline_id: str
    stage_id: str
    pipeline_key: str
    stage_key: str
    name: str
    kind: StageKind
    position: int | None
    is_active: bool
    probability: Decimal | None = None


class Directory:
    """Everything about deals, or about leads, that has a name in one connection."""

    def __init__(self, connection: Connection, record_type: str = "deal") -> None:
        self.connection = connection
        self.record_type = record_type
        self.pipeline_names: dict[str, str] = {}
        self.employee_names: dict[str, str] = {}
        self.departments: dict[str, str | None] = {}
        self.source_names: dict[str, str] = {}
        self._stages: dict[tuple[str, str], StageFacts] = {}
        captures = connection.portal.captures
        for capture in captures:
            for employee in capture.employees:
                self.employee_names[employee.native_id] = employee.name
                names = {department.native_id: department.name for department in capture.departments}
                self.departments[employee.native_id] = names.get(employee.department_id or "")
            self.source_names |= {source.native_id: source.name for source in capture.sources}
            for pipeline in capture.pipelines if record_type == "deal" else capture.lead_pipelines:
                self.pipeline_names[pipeline.native_id] = pipeline.name
                self._read(pipeline, is_newest=capture is captures[-1])
        self._add_unlisted()

    def stage(self, place: tuple[str, str]) -> StageFacts:
        """The facts of a stage."""
        return self._stages[place]

    def active_open_stages(self, pipeline_id: str) -> list[StageFacts]:
        """The open stages that exist now."""
        return [
            facts
            for facts in self._stages.values()
            if facts.pipeline_id == pipeline_id and facts.is_active and facts.kind is StageKind.OPEN
        ]

    def open_stages(self) -> list[StageFacts]:
        """All open stages that were ever seen."""
        return [facts for facts in self._stages.values() if facts.kind is StageKind.OPEN]

    def positions(self) -> list[int]:
        """The positions that its stages have."""
        return [facts.position for facts in self._stages.values() if facts.position is not None]

    def pipeline_key(self, pipeline_id: str) -> str:
        """The key of a pipeline."""
        return f"{self.connection.name}:{self.record_type}:{pipeline_id}"

    def employee_name(self, native_id: str | None) -> str | None:
        """The name of an employee; None for nobody and for somebody who is not listed."""
        return None if native_id is None else self.employee_names.get(native_id)

    def department(self, employee_id: str | None) -> str | None:
        """The primary department of an employee, now."""
        return None if employee_id is None else self.departments.get(employee_id)

    def source_name(self, native_id: str | None) -> str | None:
        """The name of a source; one that no dictionary lists is called by its code."""
        return None if native_id is None else self.source_names.get(native_id, native_id)

    def _read(self, pipeline: VisiblePipeline, *, is_newest: bool) -> None:
        open_stages = sorted((s for s in pipeline.stages if s.kind is StageKind.OPEN), key=_rank)
        positions = {stage.native_id: n for n, stage in enumerate(open_stages, start=1)}
        for stage in pipeline.stages:
            position = len(open_stages) + 1 if stage.kind is StageKind.WON else positions.get(stage.native_id)
            facts = self._unlisted((pipeline.native_id, stage.native_id), stage.kind)
            facts = replace(facts, name=stage.name, position=position, is_active=is_newest)
            self._put(replace(facts, probability=stage.probability))

    def _add_unlisted(self) -> None:
        """Stages that no dictionary lists; property history tells no kind, so its stages count as open."""
        portal = self.connection.portal
        told = [
            ((row.pipeline_id, row.stage_id), row.stage_kind)
            for row in portal.stage_rows
            if row.record_type == self.record_type
        ]
        if self.record_type == "deal":
            deals = deal_histories(portal).values()
            places = [event.place for history in deals for event in history.events]
            shown = [deal for capture in portal.captures for deal in capture.deals.values()]
            told += [((deal.pipeline_id, deal.stage_id), deal.stage_kind) for deal in shown]
        else:
            leads = lead_histories(portal).values()
            places = [event.place for history in leads for event in history.events]
            told += [
                ((lead.pipeline_id, lead.stage_id), lead.stage_kind)
                for capture in portal.captures
                for lead in capture.leads.values()
            ]
        told += [(place, StageKind.OPEN) for place in places]
        for place, kind in told:
            if place not in self._stages:
                self._put(self._unlisted(place, kind))

    def _unlisted(self, place: tuple[str, str], kind: StageKind) -> StageFacts:
        pipeline_key = self.pipeline_key(place[0])
        return StageFacts(
            pipeline_id=place[0],
            stage_id=place[1],
            pipeline_key=pipeline_key,
            stage_key=f"{pipeline_key}:{place[1]}",
            name=place[1],
            kind=kind,
            position=None,
            is_active=False,
        )

    def _put(self, facts: StageFacts) -> None:
        self._stages[facts.pipeline_id, facts.stage_id] = facts


def _rank(stage: VisibleStage) -> tuple[int, int, int, str]:
    is_number = stage.native_id.isdigit()
    return stage.sort, 0 if is_number else 1, int(stage.native_id) if is_number else 0, stage.native_id
