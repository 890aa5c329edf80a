"""Questions put to the published version."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import duckdb

from extract.core.errors import DealhouseError
from orchestration.reports.catalogue import Report, read_report, read_reports
from orchestration.reports.composition import (
    Composition,
    Question,
    compose_list,
    compose_records,
    compose_report,
)
from orchestration.reports.defaults import default_grouping, keys_behind, with_defaults
from orchestration.reports.fields import Fields
from orchestration.reports.levels import settle
from orchestration.reports.version import Version, read_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.reports.meanings import Column


class NotPublishedError(DealhouseError):
    """There is no published version to read."""


@dataclass(frozen=True)
class Answer:
    """The rows a question was answered with, of which version, and in which currency its money is told."""

    report: Report
    columns: tuple[Column, ...]
    rows: list[tuple[object, ...]]
    notes: tuple[str, ...]
    question: Question
    is_records: bool
    version: Version
    currency: str = ""

    @property
    def has_money(self) -> bool:
        """Whether a column of it is in the reporting currency."""
        return any(column.format == "money" for column in self.columns)


@contextmanager
def published(database: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published version, read-only."""
    if not database.exists():
        raise NotPublishedError(
            "Nothing is published yet.",
            str(database),
            "Run `dealhouse run`, or `dealhouse demo` to try it out.",
        )
    try:
        connection = duckdb.connect(str(database), read_only=True)
    except duckdb.Error as error:
        raise DealhouseError(
            f"The published version cannot be opened: {error}",
            str(database),
            "Run `dealhouse run --full-refresh`: it makes the warehouse and a version of it again.",
        ) from error
    try:
        # Should a statement of a user's ever get this far: no other file can be read or written.
        connection.execute("set enable_external_access = false; set lock_configuration = true")
        yield connection
    finally:
        connection.close()


def list_reports(database: Path) -> dict[str, tuple[str, str]]:
    """Title and question of every published report."""
    with published(database) as connection:
        return read_reports(connection)


def ask(
    database: Path, name: str, question: Question, *, is_records: bool = False, currency: str = ""
) -> Answer:
    """Put a question to the published report `name`; `currency` is that of all reports."""
    with published(database) as connection:
        return replace(ask_over(connection, name, question, is_records=is_records), currency=currency)


def ask_over(
    connection: duckdb.DuckDBPyConnection, name: str, question: Question, *, is_records: bool = False
) -> Answer:
    """Put a question over a connection that stays open, as a pooled reader has it."""
    report = read_report(connection, name)
    fields = Fields.of(connection, report)
    question = with_defaults(report, question)
    question, levels = settle(connection, report, fields, question)
    if report.is_list and (is_records or not question.by):
        composition = compose_list(report, fields, question)
    else:
        compose = compose_records if is_records else compose_report
        composition = compose(report, fields, question, levels)
    rows = _rows(connection, composition)
    return Answer(
        report,
        composition.columns,
        rows,
        (
            *composition.notes,
            *([] if is_records else _namesakes(report, question, rows)),
            *_rest(connection, composition, rows),
        ),
        question,
        is_records,
        read_version(connection),
    )


def _rows(connection: duckdb.DuckDBPyConnection, composition: Composition) -> list[tuple[object, ...]]:
    return connection.execute(composition.sql, composition.parameters).fetchall()


def _namesakes(report: Report, question: Question, rows: list[tuple[object, ...]]) -> list[str]:
    """What to say where rows differ only in a key that is not shown."""
    keys = keys_behind(report, question)
    shown = default_grouping(report)
    if not keys or len({row[: len(shown)] for row in rows}) == len(rows):
        return []
    return [f"People of one name stand apart; --by {','.join((*keys, *shown))} says who is who."]


def _rest(
    connection: duckdb.DuckDBPyConnection, composition: Composition, rows: list[tuple[object, ...]]
) -> tuple[str, ...]:
    """What to say where only the first rows are shown."""
    if composition.counting is None:
        return ()
    total = int(str(_rows(connection, composition.counting)[0][0]))
    if total <= len(rows):
        return ()
    return (f"The first {len(rows):,} of {total:,} rows; --limit N or --format csv gives more.",)
