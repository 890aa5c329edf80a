from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.commands.report import split_fields
from orchestration.console import UsageError
from orchestration.reports.answer import ask
from orchestration.reports.composition import Question
from orchestration.reports.formats import as_csv, as_json, readable
from orchestration.reports.meanings import Column

NINE = datetime.fromisoformat("2026-01-31 09:00")


def rows_of(marts: Path, name: str, *, is_records: bool = False, **question: Any) -> list[dict[str, Any]]:
    answer = ask(marts, name, Question(**question), is_records=is_records)
    names = [column.name for column in answer.columns]
    return [dict(zip(names, row, strict=True)) for row in answer.rows]


def test_a_funnel_is_grouped_by_stages_in_their_order_without_being_asked(marts: Path) -> None:
    rows = rows_of(marts, "rpt_deal_funnel")
    assert [(row["stage_name"], row["reached_count"]) for row in rows] == [
        ("New", 3),
        ("Won", 1),
        ("Lost", 1),
    ]


def test_a_report_may_be_named_without_its_prefix(marts: Path) -> None:
    assert rows_of(marts, "deal_funnel") == rows_of(marts, "rpt_deal_funnel")


def test_conversion_is_worked_out_on_read(marts: Path) -> None:
    new = rows_of(marts, "rpt_deal_funnel", where="connection = 'm'")[0]
    assert (new["passed_on_count"], new["conversion_to_next"]) == (1, 0.5)


def test_a_report_is_restricted_to_rows_with_its_date(marts: Path) -> None:
    assert sum(row["won_count"] + row["lost_count"] for row in rows_of(marts, "rpt_sales_trend")) == 2


def test_periods_of_a_date_are_fields(marts: Path) -> None:
    assert rows_of(marts, "rpt_sales_trend", by=("closed_month",)) == [
        {
            "closed_month": date(2026, 3, 1),
            "won_count": 1,
            "won_amount": Decimal("100.5"),
            "lost_count": 1,
            "win_rate": 0.5,
            "average_won_amount": 100.5,
        }
    ]


def test_any_column_of_the_fact_groups(marts: Path) -> None:
    assert [row["status"] for row in rows_of(marts, "rpt_sales_trend", by=("status",))] == ["lost", "won"]


@pytest.mark.parametrize("by", [("owner_name",), ("stage_name",), ("connection", "pipeline_name")])
def test_reached_counts_are_not_summed_over_stages(marts: Path, by: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="may not be summed over stage_key"):
        ask(marts, "rpt_deal_funnel", Question(by=by))


@pytest.mark.parametrize(
    ("by", "where"),
    [
        (("stage_key",), None),
        (("stage_name", "pipeline_key"), None),
        (("owner_name",), "stage_key = 'm:deal:0:NEW'"),
        (("owner_name",), "stage_key in ('m:deal:0:NEW') and created_date > '2020-01-01'"),
    ],
)
def test_reached_counts_may_be_summed_where_stages_are_told_apart(
    marts: Path, by: tuple[str, ...], where: str | None
) -> None:
    assert rows_of(marts, "rpt_deal_funnel", by=by, where=where)


def test_one_of_several_stages_does_not_fix_the_stage(marts: Path) -> None:
    where = "stage_key = 'm:deal:0:NEW' or stage_key = 'm:deal:0:WON'"
    with pytest.raises(UsageError, match="may not be summed"):
        ask(marts, "rpt_deal_funnel", Question(by=("owner_name",), where=where))


@pytest.mark.parametrize("name", ["Region", "region", "REGION"])
def test_a_custom_field_groups_by_label_over_connections(marts: Path, name: str) -> None:
    rows = rows_of(marts, "rpt_sales_trend", by=(name,))
    assert [(row[name], row["won_count"], row["lost_count"]) for row in rows] == [
        ("North", 1, 0),
        ("South", 1, 1),
    ]


@pytest.fixture
def own_marts(marts: Path, tmp_path: Path) -> Path:
    """Marts that a test may change."""
    return Path(shutil.copy(marts, tmp_path / "own.duckdb"))


def test_people_of_one_name_stand_apart_where_nobody_asked_for_names(own_marts: Path) -> None:
    answer = ask(own_marts, "rpt_employee_sales", Question(where="created_date < '2026-02-01'"))
    assert [row[:2] for row in answer.rows] == [("Ann", "lost"), ("Ann", "won")]
    with duckdb.connect(str(own_marts)) as connection:
        connection.execute("update marts.fct_deals set status = 'won'")
    answer = ask(own_marts, "rpt_employee_sales", Question(where="created_date < '2026-02-01'"))
    assert [row[:3] for row in answer.rows] == [("Ann", "won", 1), ("Ann", "won", 0)]
    assert answer.notes == (
        "People of one name stand apart; --by owner_key,owner_name,status says who is who.",
    )
    asked = ask(own_marts, "rpt_employee_sales", Question(by=("owner_name",), where="owner_name = 'Ann'"))
    assert [row[:2] for row in asked.rows] == [("Ann", 1)]
    assert not asked.notes


@pytest.mark.parametrize(
    ("value", "groups"),
    [
        ({"field_type": "number", "value_number": Decimal("12.5")}, [Decimal("12.5"), None]),
        ({"field_type": "date", "value_date": date(2026, 1, 31)}, [date(2026, 1, 31), None]),
        ({"field_type": "datetime", "value_at": NINE}, [NINE, None]),
        ({"field_type": "boolean", "value_boolean": True}, [True, None]),
        # In which currency it is stands in its text.
        (
            {"field_type": "money", "value_number": Decimal("12.5"), "value_label": "12.5 USD"},
            ["12.5 USD", None],
        ),
    ],
)
def test_a_custom_field_groups_by_what_its_text_means(
    own_marts: Path, value: dict[str, object], groups: list[object]
) -> None:
    field = "custom_field_key = 'm:deal:UF_CRM_2'"
    with duckdb.connect(str(own_marts)) as connection:
        for column, content in value.items():
            table = "dim_custom_fields" if column == "field_type" else "bridge_custom_field_values"
            connection.execute(f"update marts.{table} set {column} = ? where {field}", [content])
    rows = rows_of(own_marts, "rpt_sales_trend", by=("UF_CRM_2",))
    assert [row["UF_CRM_2"] for row in rows] == groups


def test_a_label_of_several_fields_of_one_portal_is_refused(own_marts: Path) -> None:
    with duckdb.connect(str(own_marts)) as connection:
        connection.execute("update marts.dim_custom_fields set field_label = 'REGION' where connection = 'm'")
    with pytest.raises(UsageError, match="several fields are called: UF_CRM_1, UF_CRM_2"):
        ask(own_marts, "rpt_sales_trend", Question(by=("Region",)))
    # A name of the API says which one is meant.
    assert rows_of(own_marts, "rpt_sales_trend", by=("UF_CRM_1",))


def test_a_multiple_field_says_that_it_counts_once_per_value(marts: Path) -> None:
    answer = ask(marts, "rpt_sales_trend", Question(by=("UF_CRM_1",)))
    assert [(row[0], row[1]) for row in answer.rows] == [("North", 1), ("South", 1)]
    assert "once under each" in answer.notes[0]


@pytest.mark.parametrize(
    ("where", "titles"),
    [
        ("UF_CRM_1 = 'North'", ["One"]),
        ("UF_CRM_1 = '11'", ["One", 'Two\'s "best"']),
        ("UF_CRM_1 <> 'South'", ["One"]),
        ("not UF_CRM_1 = 'North'", ['Two\'s "best"']),
        ('"Deposit, paid" between 12 and 13', ["One"]),
        ("UF_CRM_2 is null", ['Two\'s "best"']),
        ("title like '%best%'", ['Two\'s "best"']),
        ("title = 'Two''s \"best\"'", ['Two\'s "best"']),
        ("is_rate_estimated", ["One"]),
        ("is_rate_estimated is false", ['Two\'s "best"']),
        ("closed_at >= '2026-03-10'", ['Two\'s "best"']),
        ("closed_date in ('2026-03-05', date '2026-03-06')", ["One"]),
        ("100 < amount and amount < 101 or status = 'lost'", ["One", 'Two\'s "best"']),
        ("closed_date > created_date", ["One", 'Two\'s "best"']),
        ("closed_month = '2026-03-01'", ["One", 'Two\'s "best"']),
        ("amount > -1", ["One", 'Two\'s "best"']),
    ],
)
def test_conditions_mean_what_they_say(marts: Path, where: str, titles: list[str]) -> None:
    rows = rows_of(marts, "rpt_sales_trend", where=where, is_records=True)
    assert [row["title"] for row in rows] == titles


def test_records_are_the_rows_behind_the_numbers_with_links(marts: Path) -> None:
    rows = rows_of(marts, "rpt_sales_trend", is_records=True)
    assert [(row["record_url"], row["won_count"], row["lost_count"]) for row in rows] == [
        ("https://m/1", 1, 0),
        ("https://m/2", 0, 1),
    ]


def test_as_of_is_refused_where_only_the_present_is_known(marts: Path) -> None:
    with pytest.raises(UsageError, match="does not support --as-of"):
        ask(marts, "rpt_sales_trend", Question(as_of=date(2026, 1, 1)))


def test_near_names_are_suggested(marts: Path) -> None:
    with pytest.raises(UsageError, match="Did you mean employee_name"):
        ask(marts, "rpt_sales_trend", Question(by=("employe_name",)))
    with pytest.raises(UsageError, match="Did you mean rpt_sales_trend"):
        ask(marts, "rpt_sale_trends", Question())


def test_fields_are_separated_by_commas_unless_quoted() -> None:
    assert split_fields('status, "Deposit, paid",status') == ("status", "Deposit, paid")


@pytest.mark.parametrize(
    ("value", "column", "text"),
    [
        (Decimal("1234567.891"), Column("amount", "money"), "1,234,568"),
        (Decimal("-0.5"), Column("amount", "money"), "-0"),
        (0.4567, Column("win_rate", "percent"), "45.7 %"),
        (200_000, Column("total_seconds", ""), "2d 7h"),
        (3_700, Column("average", "seconds"), "1h 1m"),
        (59, Column("average", "seconds"), "0m"),
        (1234, Column("won_count", "count"), "1,234"),
        (None, Column("won_count", "count"), ""),
        (True, Column("is_won", ""), "yes"),
    ],
)
def test_numbers_are_written_as_people_do(value: object, column: Column, text: str) -> None:
    assert readable(value, column) == text


def test_csv_and_json_carry_raw_values() -> None:
    columns = [Column("day", ""), Column("amount", "money")]
    rows = [(date(2026, 1, 2), Decimal("1000.500000")), (None, Decimal(3))]
    assert as_csv(columns, rows) == "day,amount\n2026-01-02,1000.5\n,3\n"
    assert json.loads(as_json(columns, rows)) == [
        {"day": "2026-01-02", "amount": 1000.5},
        {"day": None, "amount": 3},
    ]
