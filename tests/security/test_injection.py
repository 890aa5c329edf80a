"""What a user of `report` writes is a question about fields, and never a statement."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration.reports.answer import published

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.places import Places
    from tests.orchestration.conftest import Dealhouse

SECRET = "the-text-of-a-private-file"
STATEMENTS = [
    "1 = 1; drop table marts.fct_deals",
    "1 = 1; attach '{file}' as stolen",
    "1 = 1; copy marts.fct_deals to '{out}'",
    "1 = 1) ; copy (select 1) to '{out}' --",
    "(select content from read_text('{file}')) like '%'",
    "title in (select content from read_text('{file}'))",
    "title = (select content from read_blob('{file}'))",
    "exists (select * from read_csv('{file}'))",
    "title in (select getenv('HOME'))",
    "getenv('HOME') <> ''",
    "title = current_setting('home_directory')",
    "1 = 1 union all select content from read_text('{file}')",
    "pragma database_list",
    "1 = 1; pragma enable_profiling",
    "1 = 1; set enable_external_access = true",
    "1 = 1; install httpfs; load httpfs",
    "title = 'x' or query('drop table marts.fct_deals') is null",
    "title = $p1",
    "title = ? ",
    "fact.title = 'x'",
    "marts.fct_deals.title = 'x'",
    "title = 'x' /* */ ; vacuum",
    "1=1 -- ",
    "title like '%' escape (select 'x')",
    "amount = amount + 1",
    "cast(title as blob) is not null",
    "(" * 5000 + "1=1" + ")" * 5000,
]
NAMES = [
    'title"; drop table marts.fct_deals; --',
    "title; drop table marts.fct_deals",
    "(select content from read_text('{file}'))",
    "read_text('{file}')",
    "*",
    "1",
    "title) from marts.fct_deals; copy (select 1) to '{out}' --",
    "marts.publications.run_id",
    "sleep(10)",
]
REPORTS = [
    "rpt_deal_funnel; drop table marts.fct_deals",
    'rpt_deal_funnel" ; drop table marts.fct_deals; --',
    "../../etc/passwd",
    "(select 1)",
    "information_schema.tables",
    "fct_deals",
    "read_text('{file}')",
]


@pytest.fixture
def target(published_home: Places, tmp_path: Path) -> dict[str, str]:
    """A private file to be read, and a file that must not appear."""
    private = tmp_path / "private.txt"
    private.write_text(SECRET)
    return {"file": str(private), "out": str(tmp_path / "written.csv")}


def checksum(places: Places) -> str:
    return hashlib.sha256(places.served_database.read_bytes()).hexdigest()


@pytest.mark.parametrize("option", ["--where", "--by", "--where --records"])
@pytest.mark.parametrize("text", [*STATEMENTS, *NAMES], ids=lambda text: text[:40])
def test_no_statement_gets_through(
    home_with_reports: Dealhouse, published_home: Places, target: dict[str, str], option: str, text: str
) -> None:
    name, *more = option.split()
    refused(home_with_reports, published_home, target, "sales_trend", name, text.format(**target), *more)


@pytest.mark.parametrize("name", REPORTS)
def test_no_statement_is_a_name_of_a_report(
    home_with_reports: Dealhouse, published_home: Places, target: dict[str, str], name: str
) -> None:
    refused(home_with_reports, published_home, target, name.format(**target))


@pytest.mark.parametrize(
    "day", ["2026-01-01'; drop table marts.fct_deals; --", "current_date", "2026-01-01 or 1=1"]
)
def test_no_statement_is_a_day(
    home_with_reports: Dealhouse, published_home: Places, target: dict[str, str], day: str
) -> None:
    refused(home_with_reports, published_home, target, "stage_distribution", "--as-of", day)


def refused(dealhouse: Dealhouse, places: Places, target: dict[str, str], *arguments: str) -> None:
    before = checksum(places)
    code, text, error = dealhouse("report", *arguments)
    assert code == 2, text + error
    assert SECRET not in text + error
    assert checksum(places) == before
    assert not list(places.home.parent.rglob("written.csv"))


def test_quotes_in_a_value_are_a_value(home_with_reports: Dealhouse, published_home: Places) -> None:
    before = checksum(published_home)
    value = "'' or 1=1; drop table marts.fct_deals; --"
    code, text, _ = home_with_reports(
        "report", "sales_trend", "--where", f"title = '{value}'", "--format", "json"
    )
    assert (code, '"rows": []' in text or "won_count" not in text.partition("rows")[2]) == (0, True)
    assert checksum(published_home) == before


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('/etc/hostname')",
        "copy (select 1) to '/tmp/never-written.csv'",
        "attach '/tmp/never-there.duckdb' as other",
        "install httpfs",
        "set enable_external_access = true",
        "create table marts.mine as select 1",
    ],
)
def test_even_a_statement_that_got_through_could_touch_nothing(
    published_home: Places, statement: str
) -> None:
    with published(published_home.served_database) as connection, pytest.raises(duckdb.Error):
        connection.execute(statement).fetchall()
