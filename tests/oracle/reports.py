"""The four reports, each a grouping of one fact."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle.inputs import Row

Measures = Mapping[str, str]
PIPELINE = {"connection": "connection", "pipeline_key": "pipeline_key", "pipeline_name": "pipeline_name"}
STAGE = {
    "stage_key": "stage_key",
    "stage_name": "stage_name",
    "stage_position": "stage_position",
    "stage_kind": "stage_kind",
}
OWNER = {"owner_key": "owner_key", "owner_name": "owner_name"}
EMPLOYEE = {"employee_key": "employee_key", "employee_name": "employee_name"}
FUNNEL = (
    "reached_count", "reached_with_conversion_count", "reached_amount", "passed_on_count", "current_count",
    "current_amount", "completed_visits", "total_seconds_in_stage", "lost_from_here_count",
)  # fmt: skip


def rpt_deal_funnel(deal_stages: list[Row]) -> list[Row]:
    """The funnel of each pipeline, by the day of creation."""
    dimensions = {"created_date": "created_date"} | PIPELINE | STAGE | OWNER
    return grouped(deal_stages, dimensions, {name: name for name in FUNNEL})


def rpt_stage_transitions(visits: list[Row]) -> list[Row]:
    """Every move, by its day."""
    stages = {
        "from_stage_key": "from_stage_key",
        "from_stage_name": "from_stage_name",
        "to_stage_key": "stage_key",
        "to_stage_name": "stage_name",
        "move": "move",
    }
    dimensions = {"moved_date": "moved_date"} | PIPELINE | stages | EMPLOYEE
    return grouped(visits, dimensions, {"move_count": "move_count", "amount": "amount_converted"})


def rpt_employee_sales(deals: list[Row]) -> list[Row]:
    """Each employee's deals, by the day of creation."""
    measures = {
        "deal_count": "deal_count",
        "amount": "amount_converted",
        "weighted_amount": "weighted_amount",
        "total_seconds_to_close": "seconds_to_close",
    }
    return grouped(
        deals, {"created_date": "created_date"} | PIPELINE | OWNER | {"status": "status"}, measures
    )


def rpt_sales_trend(deals: list[Row]) -> list[Row]:
    """What was won and lost, by the day of closing."""
    closed = [row for row in deals if row["closed_date"] is not None]
    measures = {name: name for name in ("won_count", "won_amount", "lost_count", "lost_amount")}
    return grouped(closed, {"closed_date": "closed_date"} | PIPELINE | EMPLOYEE, measures)


def grouped(rows: list[Row], dimensions: Measures, measures: Measures) -> list[Row]:
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
