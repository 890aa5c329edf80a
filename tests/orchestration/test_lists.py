"""Reports that list records instead of summing them up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from extract.core.lake import Lake
from extract.core.settings import Connection, Reporting, Settings
from orchestration.commands import report as command
from orchestration.reports.answer import Answer, ask
from orchestration.reports.composition import Question

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from orchestration.places import Places
    from tests.orchestration.conftest import Dealhouse

FIELDS = ("closed_date", "created_date", "employee_name", "status", "closed_at", "deal_key")


def rows(answer: Answer) -> list[dict[str, object]]:
    return [dict(zip((column.name for column in answer.columns), row, strict=True)) for row in answer.rows]


def test_a_list_shows_its_rows_the_newest_first(marts: Path) -> None:
    answer = ask(marts, "closed_deals", Question())
    assert [column.name for column in answer.columns] == ["closed_date", "title", "status", "value"]
    assert [(row["closed_date"], row["value"]) for row in rows(answer)] == [
        (date(2026, 3, 20), Decimal(50)),
        (date(2026, 3, 5), Decimal("100.5")),
    ]


def test_a_list_takes_conditions_over_any_field(marts: Path) -> None:
    answer = ask(marts, "closed_deals", Question(where="UF_CRM_1 = 'North'"))
    assert [row["title"] for row in rows(answer)] == ["One"]


def test_a_list_keeps_its_own_filter_beside_a_condition(marts: Path) -> None:
    assert ask(marts, "closed_deals", Question(where="connection = 'u' or status = 'open'")).rows == []


def test_a_list_is_summed_up_by_the_fields_asked_for(marts: Path) -> None:
    answer = ask(marts, "closed_deals", Question(by=("status",)))
    assert rows(answer) == [
        {"status": "lost", "value": Decimal(50), "row_count": 1},
        {"status": "won", "value": Decimal("100.5"), "row_count": 1},
    ]


def test_fields_asked_for_stand_before_the_rows_of_a_list(marts: Path) -> None:
    answer = ask(marts, "closed_deals", Question(by=("connection",)), is_records=True)
    assert [column.name for column in answer.columns] == [
        "connection",
        "closed_date",
        "title",
        "status",
        "value",
    ]


def test_a_long_list_says_how_many_rows_there_are(marts: Path) -> None:
    answer = ask(marts, "closed_deals", Question(where="amount > 1", shown=1))
    assert [row["title"] for row in rows(answer)] == ['Two\'s "best"']
    assert "The first 1 of 2 rows" in answer.notes[0]
    assert ask(marts, "closed_deals", Question(shown=2)).notes == ()
    assert ask(marts, "closed_deals", Question(limit=1, shown=2)).notes == ()


def test_the_terminal_shows_the_first_rows_and_files_all(
    home_with_reports: Dealhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SHOWN", 1)
    code, printed, told = home_with_reports("report", "closed_deals")
    assert (code, "One" in printed) == (0, False)
    assert "1 of 2" in told
    assert "One" in home_with_reports("report", "closed_deals", "--format", "csv")[1]


def test_records_fit_the_terminal_and_say_how_many_there_are(
    home_with_reports: Dealhouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SHOWN", 1)
    asked = ("report", "rpt_sales_trend", "--records", "--by", ", ".join(FIELDS))
    code, printed, told = home_with_reports(*asked)
    assert code == 0
    assert max(map(len, printed.splitlines())) <= 80
    assert "1 of 2 rows" in told
    assert "There is no room for" in told
    everything = home_with_reports(*asked, "--format", "csv")[1].splitlines()
    assert (len(everything), everything[0].count(",") > len(FIELDS)) == (3, True)


def test_the_title_names_the_currency_of_money(home_with_reports: Dealhouse, places: Places) -> None:
    told = {"name": "m", "crm": "bitrix24", "url": "http://127.0.0.1/rest/1/x/"}
    connections = (Connection.model_validate(told),)
    reporting = Reporting(currency="CHF", timezone="UTC")
    Lake(places.home).land_settings(Settings(reporting=reporting, connections=connections))
    heading = home_with_reports("report", "rpt_sales_trend")[1].splitlines()[0]
    assert heading == "Sales trend, CHF"
