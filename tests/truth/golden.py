"""Reads golden.yml: the company its records live in, and what is expected of each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from simulator import identifiers
from simulator.model import (
    LOST_STAGE,
    OTHER_LOST_STAGE,
    WON_STAGE,
    Change,
    Deal,
    Department,
    Employee,
    Pipeline,
    Rate,
    Stage,
    StageKind,
    World,
)
from simulator.visible import visible
from tests.oracle.inputs import Approximately, Connection, Reporting, naive

PAGE = Path(__file__).parent / "golden.yml"
REPORTING = Reporting("EUR", "Europe/Berlin")
CRMS = ("bitrix24", "hubspot")
BEGINNING = datetime(2025, 6, 1, tzinfo=UTC)
BIRTH: dict[str, Any] = {
    "title": None, "amount": "1000", "currency": "EUR", "owner": 1, "expected_close_date": None,
    "closed_at": None, "probability": None, "is_deleted": False,
}  # fmt: skip
MEASURES = (
    "reached_count", "reached_amount", "passed_on_count", "current_count", "current_amount",
    "completed_visits", "total_seconds_in_stage", "lost_from_here_count",
)  # fmt: skip


@dataclass(frozen=True)
class Golden:
    """What one record, or one number of a report, has to be in one CRM."""

    name: str
    crm: str
    deal: int | None
    expected: dict[str, Any]

    @property
    def connection(self) -> str:
        """The connection its CRM has in the golden warehouse."""
        return f"golden_{self.crm}"

    @property
    def deal_key(self) -> str:
        """The key of its deal."""
        return f"{self.connection}:deal:{getattr(identifiers, self.crm).deal_id(self.deal)}"

    def stage_key(self, place: str) -> str:
        """The key of a stage written as pipeline/stage."""
        pipeline, stage = map(int, place.split("/"))
        native = getattr(identifiers, self.crm)
        return f"{self.connection}:deal:{native.pipeline_id(pipeline)}:{native.stage_id(pipeline, stage)}"

    def value(self, column: str, written: Any) -> Any:
        """What golden.yml writes, as the column holds it."""
        if written is None:
            return None
        if column.endswith("stage_key"):
            return self.stage_key(written)
        if column in {"owner_key", "employee_key"}:
            native = getattr(identifiers, self.crm)
            number = native.employee_id(written) if self.crm == "bitrix24" else native.owner_id(written)
            return f"{self.connection}:employee:{number}"
        if column.endswith("_at"):
            moment = naive(instant(written.removeprefix("from ")))
            assert moment is not None
            return Approximately(moment) if written.startswith("from ") else moment
        return (
            Decimal(written)
            if column in {"amount", "amount_converted"} or column.endswith("_amount")
            else written
        )


def instant(text: str) -> datetime:
    """An instant of the page, which is in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@cache
def page() -> dict[str, Any]:
    """The page as written."""
    content: dict[str, Any] = yaml.safe_load(PAGE.read_text(encoding="utf-8"))
    return content


def captures() -> list[datetime]:
    """When both portals are read."""
    return [instant(text) for text in page()["captures"]]


def records(part: str) -> list[Golden]:
    """The expectations of `records` or `reports`, one per CRM that has any."""
    found = []
    for entry in page()[part]:
        for crm in CRMS:
            expected: dict[str, Any] = {}
            for share in (entry.get("both", {}), entry.get(crm, {})):
                for model, rows in share.items():
                    known = expected.get(model)
                    expected[model] = (
                        known | rows if isinstance(known, dict) and isinstance(rows, dict) else rows
                    )
            if expected:
                about = {"report": entry["report"], "where": entry["where"]} if part == "reports" else {}
                name = entry.get("name") or f"{entry['report']} {entry['where']}"
                found.append(Golden(name, crm, entry.get("deal"), about | expected))
    return found


def connections(urls: dict[str, str] | None = None) -> list[Connection]:
    """Both portals as read at every capture."""
    world = company(captures()[-1])
    return [
        Connection(
            f"golden_{crm}", visible(world, crm, captures()), (urls or {}).get(crm, "http://crm.example")
        )
        for crm in CRMS
    ]


def company(now: datetime) -> World:
    """The company with all that happened until `now`."""
    deals = sorted((_deal(record) for record in page()["records"]), key=lambda deal: deal.number)
    for deal in deals:
        deal.changes = [change for change in deal.changes if change.at <= now]
    return World(
        seed=0,
        size=0.0,
        start=BEGINNING,
        now=now,
        base_currency="EUR",
        timezone="Europe/Berlin",
        departments=[Department(1, "Sales", None)],
        employees=[
            Employee(1, "Ada", "North", "ada@example.com", 1, BEGINNING),
            Employee(2, "Ben", "South", "ben@example.com", 1, BEGINNING),
        ],
        pipelines=[_pipeline(0, 4), _pipeline(1, 2)],
        rates=[rate for rate in _rates() if rate.valid_from <= now],
        custom_fields=[],
        deals=deals,
    )


def go_on(world: World, now: datetime) -> None:
    """Let a served world become what it is at `now`."""
    later = company(now)
    with world.lock:
        world.deals, world.rates, world.now = later.deals, later.rates, later.now
        world.version += 1


def _rates() -> list[Rate]:
    return [
        Rate("EUR", BEGINNING, Decimal(1)),
        Rate("USD", instant("2026-01-01 12:00"), Decimal("0.912345")),
        Rate("USD", instant("2026-03-03 10:00"), Decimal("0.8")),
    ]


def _pipeline(number: int, open_stages: int) -> Pipeline:
    probabilities = ("0.1", "0.2", "0.5", "0.9")[:open_stages]
    kinds = {WON_STAGE: StageKind.WON, LOST_STAGE: StageKind.LOST, OTHER_LOST_STAGE: StageKind.LOST}
    stages = [
        Stage(n, [(BEGINNING, f"Step {n}")], 10 * n, StageKind.OPEN, Decimal(probability), BEGINNING)
        for n, probability in enumerate(probabilities, start=1)
    ]
    stages += [
        Stage(n, [(BEGINNING, f"End {n}")], n, kind, Decimal(int(kind is StageKind.WON)), BEGINNING)
        for n, kind in kinds.items()
    ]
    return Pipeline(number, f"Pipeline {number}", 10 + number, stages)


def _deal(record: dict[str, Any]) -> Deal:
    moments = {instant(text): values for text, values in record["changes"].items()}
    born_at = min(moments)
    changes: list[Change] = []
    for at, values in moments.items():
        written = BIRTH | {"title": record["name"]} | values if at == born_at else values
        for name, value in written.items():
            singles = value if isinstance(value, list) else [value]
            changes += [Change(at, name, _typed(name, single), 1) for single in singles]
    return Deal(record["deal"], born_at, 1, changes, has_lost_history=record.get("has_lost_history", False))


def _typed(name: str, written: Any) -> Any:
    if written is None:
        return None
    if name == "stage":
        pipeline, stage = map(int, written.split("/"))
        return pipeline, stage
    if name == "closed_at":
        return instant(written)
    if name in {"amount", "probability"}:
        return Decimal(written)
    assert isinstance(written, bool | int | str | date), name
    return written
