"""The reports that the demo prints, narrow enough for 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.console import out, print_whole
from orchestration.reports.answer import ask
from orchestration.reports.composition import Question
from orchestration.reports.formats import table

if TYPE_CHECKING:
    from pathlib import Path

SHOWN = (
    (
        "rpt_lead_funnel",
        Question(by=("pipeline_name", "stage_name"), where="connection = 'moscow'"),
        ("stage_name", "reached_count", "conversion_to_next", "current_count", "average_time_in_stage"),
    ),
    (
        "rpt_deal_funnel",
        Question(by=("pipeline_name", "stage_name"), where="pipeline_key = 'moscow:deal:0'"),
        (
            "stage_name",
            "reached_count",
            "conversion_to_next",
            "current_count",
            "average_time_in_stage",
        ),
    ),
    ("rpt_stage_transitions", Question(by=("move",)), ("move", "move_count", "amount")),
    (
        "rpt_employee_sales",
        Question(by=("owner_name",), limit=10),
        ("owner_name", "deal_count", "amount", "weighted_amount"),
    ),
    (
        "rpt_sales_trend",
        Question(by=("closed_quarter",)),
        ("closed_quarter", "won_count", "won_amount", "lost_count", "win_rate"),
    ),
    ("rpt_loss_reasons", Question(by=("loss_reason",)), ("loss_reason", "lost_count", "lost_amount")),
    (
        "rpt_activities",
        Question(by=("activity_type",)),
        ("activity_type", "done_count", "planned_count", "overdue_count"),
    ),
    (
        "rpt_deals_without_activities",
        Question(by=("owner_name",), limit=5),
        ("owner_name", "deal_count", "amount_at_risk"),
    ),
)


def print_reports(database: Path) -> None:
    """Print a choice of columns of the main reports."""
    for name, question, wanted in SHOWN:
        answer = ask(database, name, question)
        positions = [index for index, column in enumerate(answer.columns) if column.name in wanted]
        columns = [answer.columns[index] for index in positions]
        rows = [[row[index] for index in positions] for row in answer.rows]
        scope = f" ({question.where})" if question.where else ""
        out.print()
        print_whole(table(columns, rows, f"{answer.report.title}{scope}: {name}"))
    out.print()
