"""Whatever a user writes, the SQL is ours: only parameters carry their text."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.console import UsageError
from orchestration.reports.catalogue import read_report
from orchestration.reports.composition import Question, compose_records, compose_report
from orchestration.reports.fields import Fields
from orchestration.reports.filters import parse_filter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.reports.catalogue import Report
    from orchestration.reports.composition import Composition

    Opened = tuple[duckdb.DuckDBPyConnection, Report, Fields]

EXAMPLES = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
# Everything that our own SQL is made of; nothing else may ever stand in it.
OUR_SQL = re.compile(r"[a-z0-9_\s.,()=<>+/\"$]*")


@pytest.fixture(scope="module")
def opened(marts: Path) -> Iterator[Opened]:
    with duckdb.connect(str(marts), read_only=True) as connection:
        report = read_report(connection, "rpt_sales_trend")
        yield connection, report, Fields.of(connection, report)


def composed(opened: Opened, **question: Any) -> Composition:
    _, report, fields = opened
    return compose_report(report, fields, Question(**question))


def quoted_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@EXAMPLES
@given(text=st.text(max_size=60))
def test_the_text_of_a_literal_never_changes_the_statement(opened: Opened, text: str) -> None:
    plain = composed(opened, where="title = 'x'")
    other = composed(opened, where=f"title = {quoted_text(text)}")
    assert other.sql == plain.sql
    assert text in other.parameters.values()


@EXAMPLES
@given(text=st.text(max_size=60), other=st.text(max_size=20))
def test_literals_of_custom_fields_and_lists_are_bound_too(opened: Opened, text: str, other: str) -> None:
    where = "UF_CRM_1 in ({}, {}) and title like {}"
    plain = composed(opened, where=where.format("'a'", "'b'", "'c'"))
    made = composed(opened, where=where.format(*(quoted_text(part) for part in (text, other, text))))
    assert made.sql == plain.sql
    assert [text, other] == [
        made.parameters[name] for name in ("p3", "p4")
    ] or text in made.parameters.values()


WORDS = st.sampled_from(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())


@EXAMPLES
@given(words=st.lists(WORDS, min_size=1, max_size=9))
def test_a_condition_is_refused_or_written_by_us(opened: Opened, words: list[str]) -> None:
    connection, _, _ = opened
    with suppress(UsageError):
        made = composed(opened, where=" ".join(words))
        assert OUR_SQL.fullmatch(made.sql), made.sql
        assert "/etc/passwd" not in made.sql
        connection.execute(made.sql, made.parameters).fetchall()


@EXAMPLES
@given(name=st.one_of(st.text(min_size=1, max_size=30), WORDS))
def test_a_field_is_known_or_refused(opened: Opened, name: str) -> None:
    _, report, fields = opened
    with suppress(UsageError):
        compose_records(report, fields, Question(by=(name,)))
        known = {*fields.names(), "UF_CRM_1", "UF_CRM_2", "region"}
        assert name.casefold() in {item.casefold() for item in known} or name.endswith(("_month", "_week"))


@pytest.mark.parametrize(
    "where",
    [
        "1 = 1",
        "amount > (select 1)",
        "exists (select 1)",
        "amount in (select 1)",
        "lower(title) = 'x'",
        "title = 'x'; drop table marts.fct_deals",
        "title || 'x' = 'y'",
        "fact.title = 'x'",
        "marts.fct_deals.title = 'x'",
        "amount = amount + 1",
        "title = $p1",
        "title = ?",
        "amount::varchar = '1'",
        "case when true then true end",
        "title",
        "amount like '1%'",
        "amount = 'many'",
        "closed_date = 'yesterday'",
        "title is 'x'",
        "title ~ 'x'",
        "title similar to 'x'",
        "title like 'x' escape '!'",
        "title in ()",
        "",
        "select 1",
        "title = Region",
        "(" * 60 + "amount = 1" + ")" * 60,
        "no_such_field = 1",
        "amount = 'NaN'",
    ],
)
def test_anything_but_plain_conditions_is_refused(opened: Opened, where: str) -> None:
    with pytest.raises(UsageError) as refusal:
        composed(opened, where=where) if where else parse_filter(where)
    assert refusal.value.next_step


def test_every_literal_is_a_parameter_of_the_columns_type(opened: Opened) -> None:
    made = composed(
        opened, where="amount >= 10.5 and closed_date < '2026-05-01' and is_rate_estimated = true"
    )
    assert [type(value).__name__ for value in made.parameters.values()] == ["Decimal", "date", "bool"]
    assert "10.5" not in made.sql


@pytest.mark.parametrize(
    "test",
    [
        "{} like 'T%'", "{} ilike 't%'", "{} in ('One', 'Three')", "{} between 'A' and 'P'", "{} = 'One'",
        "{} <> 'One'", "{} > 'One'", "{} is null",
    ],
)  # fmt: skip
def test_a_condition_and_its_negation_tell_all_rows_apart(opened: Opened, test: str) -> None:
    """Also where the parser says `not` inside the operator and not around it."""
    connection, report, fields = opened

    def titles(where: str) -> set[object]:
        made = compose_records(report, fields, Question(where=where))
        return {row[0] for row in connection.execute(made.sql, made.parameters).fetchall()}

    everything = titles("title is not null")
    chosen = titles(test.format("title"))
    assert titles(f"not {test.format('title')}") == everything - chosen
    operator = test.split()[1]
    if operator in {"like", "ilike", "in", "between"}:
        assert titles(test.format("title not")) == everything - chosen
    if operator == "is":
        assert titles("title is not null") == everything - chosen


def test_a_condition_on_a_measure_is_about_what_is_printed_under_its_name(opened: Opened) -> None:
    connection, *_ = opened
    report = read_report(connection, "rpt_closed_deals")
    made = compose_report(report, Fields.of(connection, report), Question(by=("title",), where="value > 60"))
    assert [row[:2] for row in connection.execute(made.sql, made.parameters).fetchall()] == [
        ("One", Decimal("100.5"))
    ]


def test_a_report_does_not_group_by_what_it_adds_up(opened: Opened) -> None:
    with pytest.raises(UsageError, match="won_amount is what this report adds up"):
        composed(opened, by=("won_amount",))


def test_a_text_without_quotes_is_told_from_a_misspelt_field(opened: Opened) -> None:
    with pytest.raises(UsageError, match=r"if it is a text, write 'won'"):
        composed(opened, where="status = won")
