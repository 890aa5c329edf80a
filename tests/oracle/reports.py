"""The reports, each a grouping of one fact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.oracle.inputs import Row


@dataclass(frozen=True)
class Report:
    """Names of a report's columns with those of its fact; rows without its date are in no report."""

    fact: str
    dimensions: Mapping[str, str]
    measures: Mapping[str, str]
    filter: str | None = None

    @property
    def date(self) -> str:
        """Its day, the first of its dimensions."""
        return next(iter(self.dimensions.values()))

    def rows(self, fact: list[Row]) -> list[Row]:
        """The report of these rows."""
        kept = [row for row in fact if row[self.date] is not None and (not self.filter or row[self.filter])]
        return grouped(kept, self.dimensions, self.measures)


def _same(names: str, **others: str) -> dict[str, str]:
    return {name: name for name in names.split()} | others


PIPELINE = "connection pipeline_key pipeline_name"
STAGE = "stage_key stage_name stage_position stage_kind"
OWNER = "owner_key owner_name department"
EMPLOYEE = "employee_key employee_name"
ORIGIN = "source_key source_name is_repeat"
FUNNEL = _same(
    "reached_count reached_with_conversion_count reached_amount passed_on_count current_count "
    "current_amount completed_visits total_seconds_in_stage lost_from_here_count"
)
LATER = {"department": "employee_department"}  # that of the responsible at closing

REPORTS = {
    "rpt_deal_funnel": Report(
        "fct_deal_stages", _same(f"created_date {PIPELINE} {STAGE} {OWNER} {ORIGIN}"), FUNNEL
    ),
    "rpt_stage_transitions": Report(
        "fct_stage_visits",
        _same(
            f"moved_date {PIPELINE} from_stage_key from_stage_name move {EMPLOYEE} department {ORIGIN}",
            to_stage_key="stage_key",
            to_stage_name="stage_name",
        ),
        _same("move_count", amount="amount_converted"),
    ),
    "rpt_employee_sales": Report(
        "fct_deals",
        _same(f"created_date {PIPELINE} {OWNER} status {ORIGIN}"),
        _same(
            "deal_count weighted_amount", amount="amount_converted", total_seconds_to_close="seconds_to_close"
        ),
    ),
    "rpt_sales_trend": Report(
        "fct_deals",
        _same(f"closed_date {PIPELINE} {EMPLOYEE} {ORIGIN}") | LATER,
        _same("won_count won_amount lost_count lost_amount"),
    ),
    "rpt_loss_reasons": Report(
        "fct_deals",
        _same(
            f"closed_date {PIPELINE} loss_reason competitor from_stage_key from_stage_name "
            f"{EMPLOYEE} {ORIGIN}"
        )
        | LATER,
        _same("lost_count lost_amount"),
        filter="lost_count",
    ),
    "rpt_lead_funnel": Report(
        "fct_lead_stages", _same(f"created_date {PIPELINE} {STAGE} {OWNER} {ORIGIN}"), FUNNEL
    ),
    "rpt_lead_conversion": Report(
        "fct_leads",
        _same(f"created_date {PIPELINE} {OWNER} {ORIGIN}"),
        _same(
            "created_count converted_count lost_count open_count",
            total_seconds_to_convert="seconds_to_convert",
        ),
    ),
    "rpt_lead_employees": Report(
        "fct_leads",
        _same(f"created_date {PIPELINE} {OWNER} {ORIGIN}"),
        _same("created_count converted_count lost_count", active_count="open_count"),
    ),
    "rpt_lead_sources": Report(
        "fct_leads",
        _same(f"created_date {PIPELINE} {OWNER} {ORIGIN} channel utm_source utm_medium utm_campaign"),
        _same(
            "quality_lead_count converted_count deal_count won_count won_amount", lead_count="created_count"
        ),
    ),
    "rpt_sales_funnel": Report(
        "fct_path_stages", _same(f"created_date {PIPELINE} path_position {STAGE} {OWNER} {ORIGIN}"), FUNNEL
    ),
    "rpt_activities": Report(
        "fct_activities",
        _same(f"activity_date connection {EMPLOYEE} department activity_type direction"),
        _same("done_count planned_count overdue_count total_duration_seconds"),
    ),
    "rpt_stage_distribution": Report(
        "fct_deal_days",
        _same(f"as_of_date {PIPELINE} stage_key stage_name stage_position {EMPLOYEE} department {ORIGIN}"),
        _same("open_count open_amount weighted_amount"),
        filter="is_reported_day",
    ),
}


def grouped(rows: list[Row], dimensions: Mapping[str, str], measures: Mapping[str, str]) -> list[Row]:
    """Sums of measures (report name to fact column) per dimensions; what is unknown counts as zero."""
    groups: dict[tuple[object, ...], Row] = {}
    for row in rows:
        values = {name: row[column] for name, column in dimensions.items()}
        group = groups.setdefault(tuple(values.values()), values | dict.fromkeys(measures, 0))
        for name, column in measures.items():
            group[name] = _number(group[name]) + _number(row[column])
    return list(groups.values())


def _number(value: object) -> Decimal:
    return Decimal(0) if value is None else Decimal(value)  # type: ignore[arg-type]
