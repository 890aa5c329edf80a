"""The reports that the demo prints, narrow enough for 80 columns."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from extract.core.lake import Lake
from orchestration.commands.issues import Filters, print_issues
from orchestration.console import cells, out, print_whole
from orchestration.issues.published import published, rows_of
from orchestration.reports.answer import ask
from orchestration.reports.composition import Question
from orchestration.reports.formats import table
from orchestration.reports.output import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.places import Places

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

ISSUES_SHOWN = 5
WORKBOOK_REPORT = "rpt_deals_needing_attention"


def print_reports(places: Places) -> None:
    """Print a choice of columns of the main reports."""
    currency = Lake(places.home).reporting_currency()
    for name, question, wanted in SHOWN:
        answer = ask(places.served_database, name, question, currency=currency)
        positions = [index for index, column in enumerate(answer.columns) if column.name in wanted]
        columns = [answer.columns[index] for index in positions]
        rows = [[row[index] for index in positions] for row in answer.rows]
        scope = f", {currency}" if any(column.format == "money" for column in columns) else ""
        scope += f" ({question.where})" if question.where else ""
        out.print()
        print_whole(table(columns, rows, f"{answer.report.title}{scope}: {name}"))
    out.print()


def print_issues_of_one(places: Places) -> None:
    """What the employee with the most errors has to put right, the gravest first."""
    with published(places) as connection:
        owners = rows_of(
            connection,
            "select owner_name, count(*) as issue_count from data_quality.dq_issues"
            " where status <> 'resolved' and severity = 'error' and owner_name is not null"
            " and rule_id not like '%owner_inactive'"
            " group by owner_name order by issue_count desc, owner_name limit 1",
        )
    for row in owners:
        out.print(f"[bold]Dirty records of {cells(row['owner_name'])[0]}[/]")
        print_issues(Filters(owners=(row["owner_name"],)), ISSUES_SHOWN, "table", places)
        out.print()


def save_workbook(places: Places) -> Path:
    """The deals that somebody has to look after, as a workbook with links."""
    path = places.home / f"{WORKBOOK_REPORT}.xlsx"
    with whole_file(path) as part:
        writer = import_module("orchestration.reports.workbook")
        currency = Lake(places.home).reporting_currency()
        answer = ask(places.served_database, WORKBOOK_REPORT, Question(), currency=currency)
        writer.write_workbook(answer, part)
    return path
