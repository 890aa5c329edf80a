"""The person erased from all that is not the lake: what can be made anew goes, the rest is blotted out."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from orchestration.build import remove_databases
from orchestration.forgetting.patterns import ERASED, Value, compiled, sure_pattern, values_of
from orchestration.forgetting.rewriting import rewrite_texts
from orchestration.forgetting.search import FileKind, files_of, kind_of, quoted
from orchestration.versions import current_version, remove_leftovers, remove_version

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.forgetting.note import Note
    from orchestration.places import Places

_BUSY_SECONDS = 30


def remove_what_is_made_anew(places: Places) -> None:
    """The warehouse, dlt's packages and pages about data, which the next build, read and check make again."""
    shutil.rmtree(places.home / "dlt", ignore_errors=True)
    shutil.rmtree(places.data_docs, ignore_errors=True)
    remove_databases(places)
    places.build_record.unlink(missing_ok=True)


def remove_older_versions(places: Places) -> int:
    """Keep only the published version, which was made without the person; how many went."""
    current = current_version(places)
    remove_leftovers(places)
    older = [folder for folder in places.versions.iterdir() if folder.resolve() != current]
    for folder in older:
        remove_version(folder)
    return len(older)


def blot_out(places: Places, note: Note) -> None:
    """Erase phones, e-mails and full names from logs, the outbox of alerts and Dagster's storage."""
    pattern = sure_pattern(note.person)
    if pattern is None:
        return
    for file in _rest(places):
        match kind_of(file):
            case FileKind.SQLITE:
                _blot_sqlite(file, pattern)
            case FileKind.PARQUET:
                rewrite_texts(file, pattern)
            case FileKind.OTHER:
                _blot_bytes(file, [value for value in values_of(note.person) if value.is_sure])


def _rest(places: Places) -> Iterator[Path]:
    made_elsewhere = (places.lake, places.serving)
    return (
        file for file in files_of(places) if not any(file.is_relative_to(folder) for folder in made_elsewhere)
    )


def _blot_bytes(file: Path, values: list[Value]) -> None:
    """In place and byte for byte: whoever has the file open goes on writing to the same one."""
    content = file.read_bytes()
    spans = [span for value in values for span in value.spans_in(content)]
    if spans:
        with file.open("r+b") as opened:
            for begin, end in spans:
                opened.seek(begin)
                opened.write(b"*" * (end - begin))


def _blot_sqlite(file: Path, pattern: str) -> None:
    expression = compiled(pattern)
    with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS, isolation_level=None)) as database:
        database.create_function("erased", 1, lambda text: expression.sub(ERASED, text))
        database.create_function("stands_in", 1, lambda text: bool(expression.search(text)))
        for table, column in _text_columns(database):
            is_text = f"typeof({column}) = 'text'"
            database.execute(
                f"update {table} set {column} = erased({column}) where {is_text} and stands_in({column})"  # noqa: S608
            )
        # What was deleted or overwritten stays in free pages and in the write-ahead log until then.
        database.execute("pragma wal_checkpoint(truncate)")
        database.execute("vacuum")
        database.execute("pragma wal_checkpoint(truncate)")


def _text_columns(database: sqlite3.Connection) -> list[tuple[str, str]]:
    tables = database.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"
    ).fetchall()
    return [
        (quoted(table), quoted(column[1]))
        for (table,) in tables
        for column in database.execute(f"pragma table_info({quoted(table)})").fetchall()
    ]
