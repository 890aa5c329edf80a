"""Reports of levels: read at the end of a day or month, and never added up over time."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from orchestration.console import UsageError
from orchestration.reports.answer import ask
from orchestration.reports.composition import Question
from tests.orchestration.conftest import make_marts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.orchestration.conftest import Dealhouse

OPEN, WATERFALL = "stage_distribution", "pipeline_waterfall"


def rows(marts: Path, name: str, *, is_records: bool = False, **question: Any) -> list[tuple[object, ...]]:
    return ask(marts, name, Question(**question), is_records=is_records).rows


def test_the_last_day_is_shown_when_nobody_names_one(marts: Path) -> None:
    answer = ask(marts, OPEN, Question())
    assert answer.rows == [("Sales", "New", 1), ("Sales", "Offer", 1)]
    assert answer.question.as_of == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("day", "count"), [(date(2026, 1, 10), 1), (date(2026, 3, 15), 2), (date(2026, 3, 31), 1)]
)
def test_any_day_of_the_data_can_be_told(marts: Path, day: date, count: int) -> None:
    assert rows(marts, OPEN, as_of=day, by=("pipeline_name",)) == [("Sales", count)]


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (date(2026, 4, 2), "The data ends with 2026-04-01"),
        (date(2026, 1, 9), "The first record is of 2026-01-10"),
    ],
)
def test_days_outside_the_data_are_refused(marts: Path, day: date, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        rows(marts, OPEN, as_of=day)


def test_a_month_shows_the_levels_of_its_last_day(marts: Path) -> None:
    assert rows(marts, OPEN, by=("as_of_month",)) == [
        (date(2026, 1, 1), 1),
        (date(2026, 2, 1), 2),
        (date(2026, 3, 1), 1),
        (date(2026, 4, 1), 2),
    ]


def test_the_days_asked_for_are_those_that_the_report_keeps(marts: Path) -> None:
    assert rows(marts, OPEN, by=("as_of_date",), where="as_of_date >= '2026-03-01'") == [
        (date(2026, 3, 30), 2),
        (date(2026, 3, 31), 1),
        (date(2026, 4, 1), 2),
    ]


def test_a_condition_can_name_any_day(marts: Path) -> None:
    assert rows(marts, OPEN, by=("stage_name",), where="as_of_date = '2026-03-15'") == [("New", 2)]


def test_a_condition_on_days_chooses_the_last_of_them(marts: Path) -> None:
    assert rows(marts, OPEN, by=("stage_name",), where="as_of_date < '2026-03-31'") == [("New", 2)]


def test_nothing_open_on_the_last_day_is_not_told_of_a_day_before(marts: Path) -> None:
    assert rows(marts, OPEN, by=("stage_name",), where="title = 'Two'") == []


def test_a_day_mixed_with_other_fields_is_refused(marts: Path) -> None:
    with pytest.raises(UsageError, match="on which day is not clear"):
        rows(marts, OPEN, where="as_of_date = '2026-03-15' or title = 'One'")


def test_records_are_those_of_the_day(marts: Path) -> None:
    assert [row[0] for row in rows(marts, OPEN, is_records=True)] == ["One", "Three"]


def test_a_quarter_opens_with_its_first_month_and_closes_with_its_last(marts: Path) -> None:
    assert rows(marts, WATERFALL, by=("period_quarter",)) == [
        (date(2026, 1, 1), 0, 2, 1, 1),
        (date(2026, 4, 1), 1, 0, 0, 1),
    ]


def test_without_a_month_all_of_the_time_is_one_period(marts: Path) -> None:
    assert rows(marts, WATERFALL, by=("employee_name",)) == [("Ann", 0, 1, 0, 1), ("Bob", None, 1, 1, None)]


def test_kept_sums_answer_where_they_can_and_the_fact_where_they_cannot(tmp_path: Path) -> None:
    marts = make_marts(tmp_path / "dealhouse.duckdb")
    with duckdb.connect(str(marts)) as connection:
        connection.execute("delete from marts.fct_pipeline_months where employee_name = 'Bob'")
    by_quarter, is_first = ("period_quarter",), "period_quarter = '2026-01-01'"
    assert rows(marts, WATERFALL, by=by_quarter, where=is_first) == [(date(2026, 1, 1), 0, 2, 1, 1)]
    assert rows(marts, WATERFALL, by=by_quarter, where=f"{is_first} and record_key like '%'") == [
        (date(2026, 1, 1), 0, 1, 0, 1)
    ]
    assert len(rows(marts, WATERFALL, by=("record_key",))) == 1
    # What a report adds up is not the same in its rows and in those of its fact.
    assert rows(marts, WATERFALL, by=by_quarter, where=f"{is_first} and created_count = 1") == [
        (date(2026, 1, 1), 0, 1, 0, None)
    ]


def test_a_day_is_no_month(marts: Path) -> None:
    with pytest.raises(UsageError, match="does not support --as-of"):
        rows(marts, WATERFALL, as_of=date(2026, 3, 1))


def test_the_terminal_says_which_day_it_shows(home_with_reports: Dealhouse) -> None:
    assert "at the end of 2026-04-01" in home_with_reports("report", OPEN)[1]
