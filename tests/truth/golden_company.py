"""The companies of the golden pages, made from what the pages say happened to each record."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import yaml

from simulator.model import (
    LOST_STAGE,
    OTHER_LOST_STAGE,
    WON_STAGE,
    Activity,
    ActivityType,
    Binding,
    Change,
    Company,
    Contact,
    Deal,
    Department,
    Employee,
    Lead,
    LeadStage,
    Origin,
    Pipeline,
    Rate,
    Record,
    Stage,
    StageKind,
    World,
)

R = TypeVar("R", bound=Record)
FOLDER = Path(__file__).parent
PAGES = ("golden", "clients", "dirt")
FIRST_PAGE = ("golden.yml", "golden_moved.yml")
BEGINNING = datetime(2025, 6, 1, tzinfo=UTC)
KINDS = {WON_STAGE: StageKind.WON, LOST_STAGE: StageKind.LOST, OTHER_LOST_STAGE: StageKind.LOST}
ORIGINS = ("Call", "E-mail", "Website", "Advertising", "Partner", "Recommendation", "Trade show", "WhatsApp")
LINKED: dict[str, Any] = {
    "company": None, "contacts": (), "source": None, "utm_source": None, "utm_medium": None,
    "utm_campaign": None, "utm_content": None, "utm_term": None, "is_deleted": False, "owner": 1,
}  # fmt: skip
BIRTHS: dict[str, dict[str, Any]] = {
    "deal": LINKED | {
        "title": None, "amount": "1000", "currency": "EUR", "expected_close_date": None, "closed_at": None,
        "probability": None, "lead": None, "loss_reason": None, "competitor": None,
    },
    "lead": LINKED | {"title": None, "amount": None, "currency": "EUR", "disqualification": None},
    "contact": LINKED | {
        "first_name": None, "last_name": "Client", "phones": (), "emails": (), "companies": (),
        "job_title": None, "country": None, "city": None,
    },
    "company": {
        "name": None, "phones": (), "emails": (), "industry": None, "country": None, "city": None,
        "is_deleted": False, "owner": 1,
    },
    "activity": {
        "subject": None, "is_completed": False, "completed_at": None, "start_at": None, "end_at": None,
        "deadline": None, "outcome": None, "duration_seconds": None, "bindings": (), "is_deleted": False,
        "owner": 1,
    },
}  # fmt: skip
NAMES = {"deal": "title", "lead": "title", "contact": "first_name", "company": "name", "activity": "subject"}
INSTANTS = {"closed_at", "completed_at", "start_at", "end_at", "deadline"}


def instant(text: str) -> datetime:
    """An instant of a page, which is in UTC."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


@cache
def page(name: str) -> dict[str, Any]:
    """A page as written; its parts may stand in several files."""
    is_first = name == PAGES[0]
    files = [FOLDER / part for part in FIRST_PAGE] if is_first else sorted(FOLDER.glob(f"golden_{name}*.yml"))
    found: dict[str, Any] = {"records": [], "reports": []}
    for file in files:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for part in found:
            found[part] += content.get(part, [])
    return found


@cache
def captures() -> list[datetime]:
    """When all portals are read."""
    content = yaml.safe_load((FOLDER / FIRST_PAGE[0]).read_text(encoding="utf-8"))
    return [instant(text) for text in content["captures"]]


def company(name: str, now: datetime) -> World:
    """The company of a page with all that happened until `now`."""
    made = {kind: _records(name, kind, now) for kind in BIRTHS}
    return World(
        seed=0,
        size=0.0,
        start=BEGINNING,
        now=now,
        base_currency="EUR",
        timezone="Europe/Berlin",
        departments=[Department(1, "Sales", None), Department(2, "Key accounts", 1)],
        employees=[
            Employee(1, "Ada", "North", "ada@example.com", 1, BEGINNING),
            Employee(2, "Ben", "South", "ben@example.com", 2, BEGINNING),
            Employee(3, "Cid", "West", "cid@example.com", 1, BEGINNING, instant("2026-02-01 09:00")),
        ],
        pipelines=[_pipeline(0, 4), _pipeline(1, 2)],
        rates=[rate for rate in _rates() if rate.valid_from <= now],
        custom_fields=[],
        deals=made["deal"],
        lead_stages=_lead_stages(),
        origins=[Origin(number, label) for number, label in enumerate(ORIGINS, start=1)],
        leads=made["lead"],
        contacts=made["contact"],
        companies=made["company"],
        activities=made["activity"],
    )


def go_on(world: World, name: str, now: datetime) -> None:
    """Let a served world become what it is at `now`."""
    later = company(name, now)
    with world.lock:
        for part in ("deals", "leads", "contacts", "companies", "activities", "rates", "now"):
            setattr(world, part, getattr(later, part))
        world.version += 1


def _lead_stages() -> list[LeadStage]:
    stages = [LeadStage(n, f"Status {n}", 10 * n, StageKind.OPEN) for n in range(1, 5)]
    closed = {WON_STAGE: StageKind.WON, LOST_STAGE: StageKind.LOST}
    return stages + [LeadStage(n, f"Status {n}", n, kind) for n, kind in closed.items()]


def _rates() -> list[Rate]:
    return [
        Rate("EUR", BEGINNING, Decimal(1)),
        Rate("USD", instant("2026-01-01 12:00"), Decimal("0.912345")),
        Rate("USD", instant("2026-03-03 10:00"), Decimal("0.8")),
    ]


def _pipeline(number: int, open_stages: int) -> Pipeline:
    probabilities = ("0.1", "0.2", "0.5", "0.9")[:open_stages]
    stages = [
        Stage(n, [(BEGINNING, f"Step {n}")], 10 * n, StageKind.OPEN, Decimal(probability), BEGINNING)
        for n, probability in enumerate(probabilities, start=1)
    ]
    stages += [
        Stage(n, [(BEGINNING, f"End {n}")], n, kind, Decimal(int(kind is StageKind.WON)), BEGINNING)
        for n, kind in KINDS.items()
    ]
    return Pipeline(number, f"Pipeline {number}", 10 + number, stages)


def _records(name: str, kind: str, now: datetime) -> list[Any]:
    entries = [entry for entry in page(name)["records"] if kind in entry and "changes" in entry]
    made = [_record(kind, entry, now) for entry in entries]
    return sorted((record for record in made if record.changes), key=lambda record: record.number)


def _record(kind: str, entry: dict[str, Any], now: datetime) -> Record:
    moments = {instant(text): values for text, values in entry["changes"].items()}
    born_at = min(moments)
    changes: list[Change] = []
    for at, values in moments.items():
        written = BIRTHS[kind] | {NAMES[kind]: entry["name"]} | values if at == born_at else values
        for field, value in written.items():
            # Several stages within one second are written as a list.
            singles = value if field == "stage" and isinstance(value, list) else [value]
            changes += [Change(at, field, _typed(kind, field, single), 1) for single in singles]
    return _made(kind, entry, born_at, [change for change in changes if change.at <= now])


def _made(kind: str, entry: dict[str, Any], born_at: datetime, changes: list[Change]) -> Record:
    number = entry[kind]
    if kind == "deal":
        ends_at = instant(entry["history_ends_at"]) if "history_ends_at" in entry else None
        is_lost = entry.get("has_lost_history", False)
        return Deal(number, born_at, 1, changes, has_lost_history=is_lost, history_ends_at=ends_at)
    if kind == "company":
        return Company(number, born_at, 1, changes, is_own=entry.get("is_own", False))
    if kind == "activity":
        return Activity(
            number, born_at, 1, changes, ActivityType(entry["type"]), entry.get("is_inbound"),
            entry.get("has_task_card", True), entry.get("written_deadline"),
        )  # fmt: skip
    return {"lead": Lead, "contact": Contact}[kind](number, born_at, 1, changes)


def _typed(kind: str, name: str, written: Any) -> Any:
    if written is None:
        return None
    if name == "stage" and kind == "deal":
        pipeline, stage = map(int, written.split("/"))
        return pipeline, stage
    if name == "bindings":
        pairs = [text.split("/") for text in written]
        return tuple(Binding(of, int(number)) for of, number in pairs)
    if isinstance(written, list | tuple):
        return tuple(written)
    return _single(name, written)


def _single(name: str, written: Any) -> Any:
    if name in INSTANTS:
        return instant(written)
    if name in {"amount", "probability"}:
        return Decimal(written)
    assert isinstance(written, bool | int | str | date), name
    return written
