"""Reads the golden pages: the company that the records of each live in, and what is expected of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from simulator import identifiers
from simulator.visible import visible
from tests.oracle.inputs import Approximately, Connection, Reporting, naive
from tests.truth.golden_company import PAGES, captures, company, instant, page

REPORTING = Reporting("EUR", "Europe/Berlin")
CRMS = ("bitrix24", "hubspot")
MEASURES = (
    "reached_count", "reached_amount", "passed_on_count", "current_count", "current_amount",
    "completed_visits", "total_seconds_in_stage", "lost_from_here_count",
)  # fmt: skip
RECORD_KEYS = {"client_key", "lead_key", "deal_key", "primary_record_key", "path_key", "record_key"}
PARTS = ("deal", "lead", "activity")


@dataclass(frozen=True)
class Golden:
    """What one record, or one number of a report, has to be in one CRM."""

    page: str
    name: str
    crm: str
    record: tuple[str, int] | None
    expected: dict[str, Any]

    @property
    def connection(self) -> str:
        """The connection that its page has for its CRM in the golden warehouse."""
        return f"{self.page}_{self.crm}"

    @property
    def key(self) -> str:
        """The key of its record."""
        assert self.record is not None
        return self.record_key(*self.record)

    def record_key(self, kind: str, number: int, merges: int = 0) -> str:
        """The key of a record; HubSpot gives the survivor of a merge a new id."""
        native = getattr(identifiers, self.crm)
        if kind == "activity":
            return self._activity_key(number)
        if merges and self.crm == "hubspot":
            return f"{self.connection}:{kind}:{native.merged_id(kind, number, merges)}"
        return f"{self.connection}:{kind}:{getattr(native, f'{kind}_id')(number)}"

    def _activity_key(self, number: int) -> str:
        (activity,) = [one for one in company(self.page, captures()[-1]).activities if one.number == number]
        if self.crm == "hubspot":
            native_id = identifiers.hubspot.activity_id(activity.type, number)
            return f"{self.connection}:{activity.type.value}:{native_id}"
        if identifiers.bitrix24.has_activity(activity):
            return f"{self.connection}:activity:{identifiers.bitrix24.activity_id(number)}"
        return f"{self.connection}:task:{identifiers.bitrix24.task_id(number)}"

    def stage_key(self, place: str) -> str:
        """The key of a stage written as pipeline/stage, or as lead/stage."""
        pipeline, stage = place.split("/")
        native = getattr(identifiers, self.crm)
        if pipeline == "lead":
            of_leads = "main" if self.crm == "bitrix24" else identifiers.hubspot.LEAD_PIPELINE
            return f"{self.connection}:lead:{of_leads}:{native.lead_stage_id(int(stage))}"
        ids = native.pipeline_id(int(pipeline)), native.stage_id(int(pipeline), int(stage))
        return f"{self.connection}:deal:{ids[0]}:{ids[1]}"

    def _source_key(self, origin: int) -> str:
        native = getattr(identifiers, self.crm)
        code = native.origin_id(origin) if self.crm == "bitrix24" else native.analytics_source(origin)
        return f"{self.connection}:source:{code}"

    def value(self, column: str, written: Any) -> Any:
        """What a page writes, as the column holds it."""
        if written is None:
            return None
        if column.endswith("stage_key"):
            return self.stage_key(written)
        if column in RECORD_KEYS:
            kind, number, *merges = written.split("/")
            return self.record_key(kind, int(number), *map(int, merges))
        if column == "source_key":
            return self._source_key(written)
        if column in {"owner_key", "employee_key"}:
            native = getattr(identifiers, self.crm)
            number = native.employee_id(written) if self.crm == "bitrix24" else native.owner_id(written)
            return f"{self.connection}:employee:{number}"
        return self._plain(column, written)

    def _plain(self, column: str, written: Any) -> Any:
        if column.endswith("_at"):
            moment = naive(instant(written.removeprefix("from ")))
            assert moment is not None
            return Approximately(moment) if written.startswith("from ") else moment
        is_amount = column in {"amount", "amount_converted", "probability"} or column.endswith("_amount")
        assert is_amount or isinstance(written, bool | int | str | date), column
        return Decimal(written) if is_amount else written


def records(part: str) -> list[Golden]:
    """The expectations of `records` or `reports` on all pages, one per CRM that has any."""
    return [golden for name in PAGES for entry in page(name)[part] for golden in _of(name, part, entry)]


def _of(name: str, part: str, entry: dict[str, Any]) -> list[Golden]:
    found = []
    record = next(((kind, entry[kind]) for kind in PARTS if kind in entry), None)
    for crm in CRMS:
        expected: dict[str, Any] = {}
        for share in (entry.get("both", {}), entry.get(crm, {})):
            for model, rows in share.items():
                known = expected.get(model)
                expected[model] = known | rows if isinstance(known, dict) and isinstance(rows, dict) else rows
        if expected:
            about = {"report": entry["report"], "where": entry["where"]} if part == "reports" else {}
            title = entry.get("name") or f"{entry['report']} {entry['where']}"
            found.append(Golden(name, title, crm, record, about | expected))
    return found


def connections(urls: dict[str, str] | None = None) -> list[Connection]:
    """All portals as read at every capture."""
    return [
        Connection(
            f"{name}_{crm}",
            visible(company(name, captures()[-1]), crm, captures()),
            (urls or {}).get(crm, "http://crm.example"),
        )
        for name in PAGES
        for crm in CRMS
    ]
