"""The reporting period: a record belongs to it when something happened to it then, or while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration.console import UsageError
from orchestration.reports.answer import ask
from orchestration.reports.composition import Question

if TYPE_CHECKING:
    from pathlib import Path

FUNNEL = "rpt_deal_funnel"


def titles(marts: Path, where: str) -> set[object]:
    answer = ask(marts, FUNNEL, Question(where=where), is_records=True)
    names = [column.name for column in answer.columns]
    return {row[names.index("title")] for row in answer.rows}


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("reporting_period between '2026-03-01' and '2026-03-19'", {"One", "Three"}),
        ("reporting_period between '2026-03-20' and '2026-03-20'", {"Two", "Three"}),
        # Closed long before, and something was done about it again.
        ("reporting_period between '2026-05-01' and '2026-05-31'", {"Two", "Three"}),
        ("reporting_period between '2026-04-01' and '2026-04-30'", {"Three"}),
        ("not reporting_period between '2026-04-01' and '2026-04-30'", {"One", "Two"}),
        ("reporting_period not between '2026-05-01' and '2026-05-31'", {"One"}),
        ("reporting_period between '2026-03-01' and '2026-03-31' and owner_name = 'Ann'", {"One", "Two"}),
    ],
)
def test_a_record_belongs_to_the_periods_in_which_something_happened(
    marts: Path, where: str, found: set[object]
) -> None:
    assert titles(marts, where) == found


def test_the_numbers_are_those_of_the_records_of_the_period(marts: Path) -> None:
    question = Question(
        by=("pipeline_name", "stage_name"), where="reporting_period between '2026-05-01' and '2026-05-31'"
    )
    answer = ask(marts, FUNNEL, question)
    assert {row[:3] for row in answer.rows} == {("Sales", "New", 2), ("Sales", "Lost", 1)}


@pytest.mark.parametrize(
    "question",
    [
        Question(where="reporting_period >= '2026-01-01'"),
        Question(where="reporting_period = '2026-01-01'"),
        Question(where="reporting_period is null"),
        Question(where="created_date = reporting_period"),
        Question(by=("reporting_period",)),
    ],
)
@pytest.mark.parametrize("is_records", [False, True])
def test_anything_but_between_is_told_how_to_write_it(
    marts: Path, question: Question, *, is_records: bool
) -> None:
    with pytest.raises(UsageError, match="reporting_period is a condition") as refused:
        ask(marts, FUNNEL, question, is_records=is_records)
    assert "between" in refused.value.next_step


def test_a_period_needs_days_and_facts_need_deals_or_leads(marts: Path) -> None:
    with pytest.raises(UsageError, match="soon"):
        ask(marts, FUNNEL, Question(where="reporting_period between 'soon' and 'later'"))
    with pytest.raises(UsageError, match="has no field 'reporting_period'"):
        ask(
            marts, "rpt_sales_trend", Question(where="reporting_period between '2026-01-01' and '2026-01-31'")
        )
