"""The columns of an answer: how people want to read them and what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.reports.fields import CustomField, FactField, Field, PeriodField, ReportingPeriod

if TYPE_CHECKING:
    from orchestration.reports.catalogue import Report

# Columns that only the list of records has; the catalogue describes members of reports.
_OF_RECORDS = {"title": "What the record is called.", "record_url": "Opens the record in its CRM."}


@dataclass(frozen=True)
class Column:
    """A column of the answer, how people want to read it and whether its rows may be added up."""

    name: str
    format: str
    meaning: str = ""
    is_additive: bool = False


def column_of(report: Report, field: Field) -> Column:
    """The column that a field of the question becomes in the answer."""
    match field:
        case PeriodField():
            meant = _described(report, field.column)
            return Column(field.name, field.period, f"First day of the {field.period}. {meant}")
        case CustomField():
            return Column(field.name, "", "A custom field of the CRM.")
        case FactField():
            return _member_column(report, field)
        case ReportingPeriod():
            return Column(field.name, "", "The period in which something happened to the record.")


def _member_column(report: Report, field: FactField) -> Column:
    measure = next((item for item in report.measures if item.name == field.name), None)
    if measure is None:
        return Column(field.name, "", _described(report, field.name))
    return Column(measure.name, measure.format, measure.description, measure.additivity == "full")


def _described(report: Report, name: str) -> str:
    member = report.dimension(name)
    return (member and member.description) or _OF_RECORDS.get(name) or f"A column of {report.fact}."
