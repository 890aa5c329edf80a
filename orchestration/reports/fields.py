"""Names that a user may write, resolved: dimensions, columns, periods of dates, custom fields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.console import UsageError
from orchestration.reports.catalogue import Report, suggestion

if TYPE_CHECKING:
    import duckdb

PERIODS = ("week", "month", "quarter", "year")


@dataclass(frozen=True)
class FactField:
    """A column of the fact."""

    name: str
    column: str
    type: str


@dataclass(frozen=True)
class PeriodField:
    """The first day of the week, month, quarter or year of a date of the fact."""

    name: str
    column: str
    period: str
    type: str = "DATE"


@dataclass(frozen=True)
class CustomField:
    """A field that the company added, of one connection or of several that call it the same."""

    name: str
    keys: tuple[str, ...]
    type: str
    is_multiple: bool


CustomRow = tuple[str, str, str, str, bool, str]
"""A custom field: key, code, label, type, whether it holds several values, connection and kind of record."""


@dataclass(frozen=True)
class ReportingPeriod:
    """Whether a record belongs to a period: something happened to it then, or it is open."""

    name: str = "reporting_period"
    type: str = "DATE"


REPORTING_PERIOD = ReportingPeriod()
Field = FactField | PeriodField | CustomField | ReportingPeriod


def not_a_field(asked: ReportingPeriod) -> UsageError:
    """What is told to who takes a named filter for a field."""
    return UsageError(
        f"{asked.name} is a condition, and no field to group or compare by.",
        "",
        f"Write it into --where: {asked.name} between '2026-01-01' and '2026-03-31'",
    )


def quoted(identifier: str) -> str:
    """An identifier of the catalogue as SQL."""
    return '"' + identifier.replace('"', '""') + '"'


class Fields:
    """Every field of one report."""

    def __init__(self, report: Report, custom: list[CustomRow]) -> None:
        self._report = report
        self._custom = custom

    @classmethod
    def of(cls, connection: duckdb.DuckDBPyConnection, report: Report) -> Fields:
        """The fields of `report` in a published version."""
        if "record_key" not in report.fact_columns:
            return cls(report, [])
        rows = connection.execute(
            "select custom_field_key, field_code, field_label, field_type, is_multiple,"
            " connection || ' ' || record_type"
            " from marts.dim_custom_fields"
        ).fetchall()
        return cls(report, rows)

    def resolve(self, name: str) -> Field:
        """The field a user calls `name`; a usage error that suggests near names when there is none."""
        found = (
            self._column(name) or self._period(name) or self._custom_field(name) or self._named_filter(name)
        )
        if found is None:
            raise UsageError(
                f"{self._report.name} has no field {name!r}.{suggestion(name, self.names())}",
                "",
                f"Its fields: {', '.join(self.names())}.",
            )
        return found

    def names(self) -> list[str]:
        """What may be written, without the periods of dates."""
        columns = [member.name for member in self._report.dimensions]
        columns += [name for name in self._report.fact_columns if name not in columns]
        labels = [label or code for _, code, label, *_ in self._custom]
        named = [REPORTING_PERIOD.name] if self._named_filter(REPORTING_PERIOD.name) else []
        return columns + sorted(set(labels) - set(columns)) + named

    def _column(self, name: str) -> FactField | None:
        # A condition on a measure is about what the report prints under that name.
        measure = next((item for item in self._report.measures if item.name == name), None)
        member = measure or self._report.dimension(name)
        if member is None or member.column not in self._report.fact_columns:
            return None
        return FactField(name, member.column, self._report.fact_columns[member.column])

    def _named_filter(self, name: str) -> ReportingPeriod | None:
        """Deals and leads have days on which something happened; what they are known by is their pipeline."""
        has_days = {"record_key", "pipeline_key"} <= self._report.fact_columns.keys()
        return REPORTING_PERIOD if has_days and name == REPORTING_PERIOD.name else None

    def _period(self, name: str) -> PeriodField | None:
        stem, _, period = name.rpartition("_")
        if period not in PERIODS:
            return None
        date = self._column(f"{stem}_date") or self._column(f"{stem}_month")
        return PeriodField(name, date.column, period) if date and date.type == "DATE" else None

    def _custom_field(self, name: str) -> CustomField | None:
        folded = name.casefold()
        rows = [row for row in self._custom if folded in {row[1].casefold(), (row[2] or "").casefold()}]
        if not rows:
            return None
        rows = _one_per_place(name, rows)
        types = {row[3] for row in rows}
        field_type = types.pop() if len(types) == 1 else "string"
        return CustomField(name, tuple(row[0] for row in rows), field_type, any(row[4] for row in rows))


def _one_per_place(name: str, rows: list[CustomRow]) -> list[CustomRow]:
    """One field per connection and kind of record: another of the same label may mean something else."""
    places: dict[str, list[CustomRow]] = {}
    for row in rows:
        places.setdefault(row[-1], []).append(row)
    chosen = []
    for found in places.values():
        meant = found if len(found) == 1 else [row for row in found if row[1] == name]
        if not meant:
            codes = ", ".join(sorted(row[1] for row in found))
            raise UsageError(f"{name} is what several fields are called: {codes}.", "", "Name one of them.")
        chosen += meant
    return chosen
