"""How a report is grouped when nobody says otherwise, and the ratios beside its measures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestration.reports.catalogue import Report

GROUPINGS = {
    "rpt_deal_funnel": ("pipeline_name", "stage_name"),
    "rpt_stage_transitions": ("pipeline_name", "from_stage_name", "to_stage_name", "move"),
    "rpt_employee_sales": ("owner_name", "status"),
    "rpt_sales_trend": ("closed_month",),
}
# Names that tell a key's values apart: the key itself, or its name within what it belongs to.
STAND_INS = {
    "stage_key": ({"stage_name", "pipeline_key"}, {"stage_name", "pipeline_name"}),
    "from_stage_key": ({"from_stage_name", "pipeline_key"}, {"from_stage_name", "pipeline_name"}),
    "pipeline_key": ({"pipeline_name", "connection"},),
}


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
        "Share of the deals in an open stage that went on from it.",
        "open",
    ),
    Ratio(
        "win_rate", "won_count", ("won_count", "lost_count"), "percent", "Share of closed deals that are won."
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


def ratios_of(report: Report) -> list[Ratio]:
    """The ratios whose parts this report knows, as measures or as columns of its fact."""
    measures = {member.name: member.column for member in report.measures}
    known = measures | {column: column for column in report.fact_columns}
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
