"""How a report is grouped when nobody says otherwise, and the ratios beside its measures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.reports.catalogue import Report
    from orchestration.reports.composition import Question

GROUPINGS = {
    "rpt_lead_funnel": ("pipeline_name", "stage_name"),
    "rpt_lead_conversion": ("created_month",),
    "rpt_lead_employees": ("owner_name",),
    "rpt_lead_sources": ("channel", "source_name"),
    "rpt_sales_funnel": ("connection", "pipeline_name", "stage_name"),
    "rpt_loss_reasons": ("loss_reason", "from_stage_name"),
    "rpt_activities": ("activity_type", "direction"),
    "rpt_deal_funnel": ("pipeline_name", "stage_name"),
    "rpt_stage_transitions": ("pipeline_name", "from_stage_name", "to_stage_name", "move"),
    "rpt_employee_sales": ("owner_name", "status"),
    "rpt_sales_trend": ("closed_month",),
    "rpt_stage_distribution": ("pipeline_name", "stage_name"),
    "rpt_pipeline_waterfall": ("period_month",),
    "rpt_period_comparison": ("period_start_date",),
}
# Fields that must be held to one value, and to which one where nobody says.
HELD = {"rpt_period_comparison": ("period_type", "month")}
# Names that tell a key's values apart: the key itself, or its name within what it belongs to.
STAND_INS = {
    "stage_key": ({"stage_name", "pipeline_key"}, {"stage_name", "pipeline_name"}),
    "from_stage_key": ({"from_stage_name", "pipeline_key"}, {"from_stage_name", "pipeline_name"}),
    "pipeline_key": ({"pipeline_name", "connection"},),
}


# People of one name stay apart where nobody asked for the name: these keys group as well, unseen.
KEYS_BEHIND = {"owner_name": "owner_key"}


@dataclass(frozen=True)
class Ratio:
    """A number worked out on read: numerator over the sum of the denominators, all columns of the fact.

    With `stage_kind` only rows in stages of that kind count: a won or lost deal has nowhere to pass on to.
    """

    name: str
    numerator: str
    denominators: tuple[str, ...]
    format: str
    meaning: str
    stage_kind: str | None = None


RATIOS = (
    Ratio(
        "conversion_to_next",
        "passed_on_count",
        ("reached_count",),
        "percent",
        "Share of what reached an open stage that went on from it.",
        "open",
    ),
    Ratio(
        "win_rate", "won_count", ("won_count", "lost_count"), "percent", "Share of closed deals that are won."
    ),
    *(
        Ratio(
            "conversion_rate",
            "converted_count",
            (leads,),
            "percent",
            "Share of the leads that are converted.",
        )
        for leads in ("created_count", "lead_count")
    ),
    Ratio(
        "average_time_to_convert",
        "total_seconds_to_convert",
        ("converted_count",),
        "seconds",
        "Average time from creation to conversion of a converted lead.",
    ),
    Ratio("average_amount", "amount", ("deal_count",), "money", "Value per deal."),
    Ratio("average_won_amount", "won_amount", ("won_count",), "money", "Value per won deal."),
    Ratio(
        "average_time_in_stage",
        "total_seconds_in_stage",
        ("completed_visits",),
        "seconds",
        "Average length of a stay that has ended.",
    ),
    Ratio(
        "average_time_to_close",
        "total_seconds_to_close",
        ("won_count", "lost_count"),
        "seconds",
        "Average time from creation to closing of a closed deal.",
    ),
)


def default_grouping(report: Report) -> tuple[str, ...]:
    """The fields a report is grouped by when none are asked for."""
    if report.name in GROUPINGS:
        return GROUPINGS[report.name]
    readable = [member.name for member in report.dimensions if not member.name.endswith(("_key", "_date"))]
    return tuple(readable[:2]) or tuple(member.name for member in report.dimensions[:1])


def keys_behind(report: Report, question: Question) -> tuple[str, ...]:
    """Keys that the usual grouping goes by beside its names."""
    grouping = () if question.by else default_grouping(report)
    return tuple(KEYS_BEHIND[name] for name in grouping if name in KEYS_BEHIND)


def with_defaults(report: Report, question: Question) -> Question:
    """The question with the field held to its usual value, unless it is about that field already."""
    if report.name not in HELD:
        return question
    name, value = HELD[report.name]
    if name in question.by or (question.where and name in question.where):
        return question
    where = f"{name} = '{value}'" + (f" and ({question.where})" if question.where else "")
    return replace(question, where=where)


def ratios_of(report: Report) -> list[Ratio]:
    """The ratios whose parts this report knows, as measures or as columns of its fact."""
    measures = {member.name: member.column for member in report.measures}
    # What is lost in the fact of leads are leads, and not the deals that reports set beside them.
    beside = () if report.fact == "fct_leads" else report.fact_columns
    known = {column: column for column in beside} | measures
    return [
        replace(
            ratio,
            numerator=measures[ratio.numerator],
            denominators=tuple(known[name] for name in ratio.denominators),
            stage_kind=ratio.stage_kind if "stage_kind" in report.fact_columns else None,
        )
        for ratio in RATIOS
        if ratio.numerator in measures and all(name in known for name in ratio.denominators)
    ]
