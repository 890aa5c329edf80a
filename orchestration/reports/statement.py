"""A statement under construction: the catalogue's identifiers as text, what a user wrote as parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.reports.fields import (
    CustomField,
    FactField,
    Field,
    PeriodField,
    ReportingPeriod,
    not_a_field,
    quoted,
)
from orchestration.reports.values import CUSTOM_COLUMNS, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterable

RECORD_DAYS = "marts.bridge_record_days"
CUSTOM_VALUES = "marts.bridge_custom_field_values"
CUSTOM_WORDS = "coalesce(value_label, value_text)"


@dataclass
class Statement:
    """Joins and parameters of one statement over the fact, which is called `fact` in it."""

    fact: str
    joins: list[str] = field(default_factory=list)
    parameters: dict[str, object] = field(default_factory=dict)
    _expressions: dict[Field, str] = field(default_factory=dict)

    def bind(self, value: object) -> str:
        """The placeholder of a value."""
        name = f"p{len(self.parameters) + 1}"
        self.parameters[name] = value
        return f"${name}"

    def bind_all(self, values: Iterable[object]) -> str:
        """The placeholders of several values."""
        return ", ".join(self.bind(value) for value in values)

    def expression(self, asked: Field) -> str:
        """A field as an expression; what it needs is joined once."""
        if asked not in self._expressions:
            self._expressions[asked] = self._new_expression(asked)
        return self._expressions[asked]

    def source(self) -> str:
        """The fact with everything joined to it."""
        return "\n".join([f"from marts.{quoted(self.fact)} as fact", *self.joins])

    def _new_expression(self, asked: Field) -> str:
        match asked:
            case FactField():
                return f"fact.{quoted(asked.column)}"
            case PeriodField():
                return self._period(asked)
            case CustomField():
                return self._custom_value(asked)
            case ReportingPeriod():
                raise not_a_field(asked)

    def _period(self, asked: PeriodField) -> str:
        alias = f"period_{len(self.joins) + 1}"
        self.joins.append(
            f"left join marts.dim_dates as {alias} on {alias}.calendar_date = fact.{quoted(asked.column)}"
        )
        return f"{alias}.{asked.period}_start_date"

    def _custom_value(self, asked: CustomField) -> str:
        alias = f"field_{len(self.joins) + 1}"
        # Money is its text: the number alone would add up what is in several currencies.
        typed = None if asked.type == "money" else CUSTOM_COLUMNS.get(kind_of(asked))
        self.joins.append(
            f"left join (select distinct record_key, {typed or CUSTOM_WORDS} as field_value"  # noqa: S608
            f" from {CUSTOM_VALUES} where custom_field_key in ({self.bind_all(asked.keys)})) as {alias}"
            f" on {alias}.record_key = fact.record_key"
        )
        return f"{alias}.field_value"
