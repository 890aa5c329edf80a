"""Every file of a home searched for values, whatever its form."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

import duckdb

from orchestration.forgetting.lake import OF_THEIR_OWN
from orchestration.forgetting.note import note_file
from orchestration.forgetting.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from orchestration.forgetting.patterns import Value
    from orchestration.places import Places


class FileKind(Enum):
    """How a file is read."""

    PARQUET = auto()
    DUCKDB = auto()
    SQLITE = auto()
    OTHER = auto()


@dataclass
class Found:
    """Where each value stands, by its place in the list of values.

    Attributes:
        places: Counts by folder of the home.
        records: Captures in the lake that hold it, as `<entity> <connection> <id>`.
        beside_keys: Rows that hold a value beside the key of a person who was to be erased.
    """

    files: int = 0
    size: int = 0
    places: dict[int, Counter[str]] = field(default_factory=dict)
    records: dict[int, set[str]] = field(default_factory=dict)
    beside_keys: int = 0


def kind_of(file: Path) -> FileKind:
    """By its first bytes: a name may say anything."""
    with file.open("rb") as opened:
        head = opened.read(16)
    if head.startswith(b"PAR1"):
        return FileKind.PARQUET
    if head[8:12] == b"DUCK":
        return FileKind.DUCKDB
    return FileKind.SQLITE if head.startswith(b"SQLite format 3") else FileKind.OTHER


def files_of(places: Places) -> Iterator[Path]:
    """Every file, those with several names once; without the note of the erasure itself."""
    seen: set[tuple[int, int]] = set()
    for file in sorted(places.home.rglob("*")):
        if file.is_symlink() or not file.is_file() or file == note_file(places):
            continue
        about = file.stat()
        if (about.st_dev, about.st_ino) not in seen:
            seen.add((about.st_dev, about.st_ino))
            yield file


class Search:
    """All files of a home searched for all values."""

    def __init__(self, places: Places, values: Sequence[Value], keys: Collection[str]) -> None:
        self._places, self._values = places, values
        self._sure = "|".join(f"(?:{value.pattern})" for value in values if value.is_sure)
        self._keys = "|".join(rf"\b{re.escape(key)}\b" for key in sorted(keys))
        self._found = Found()
        self._parquet = duckdb.connect()  # one for all files: opening another takes longer than most of them

    def run(self, progress: Callable[[int, int], None]) -> Found:
        """Search; `progress` is told how many files are done."""
        files = list(files_of(self._places))
        for number, file in enumerate(files, start=1):
            self._search(file)
            progress(number, len(files))
        return self._found

    def _search(self, file: Path) -> None:
        self._found.files += 1
        self._found.size += file.stat().st_size
        is_capture = file.is_relative_to(self._places.lake) and kind_of(file) is FileKind.PARQUET
        if is_capture and not file.is_relative_to(self._places.own_lake):
            hits = self._in_captures(file)
        else:
            hits = self._in_any(file)
        for number, count in hits.items():
            place = file.relative_to(self._places.home).parts[0]
            self._found.places.setdefault(number, Counter())[place] += count

    def _in_captures(self, file: Path) -> dict[int, int]:
        is_of_its_own = file.parent.name in OF_THEIR_OWN
        hits = {}
        with self._parquet.cursor() as database:
            database.read_parquet(str(file)).create_view("files", replace=True)
            wanted = [value.patterns if is_of_its_own else (value.pattern,) for value in self._values]
            conditions = [" and ".join(_matches("payload", one) for one in patterns) for patterns in wanted]
            counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
            for number, count in enumerate(database.execute(f"select {counts} from files").fetchall()[0]):  # noqa: S608
                if count:
                    hits[number] = count
                    query = f"select distinct connection, id from files where {conditions[number]}"  # noqa: S608
                    records = {
                        f"{file.parent.name} {' '.join(row)}" for row in database.execute(query).fetchall()
                    }
                    self._found.records.setdefault(number, set()).update(records)
        return hits

    def _in_any(self, file: Path) -> dict[int, int]:
        match kind_of(file):
            case FileKind.PARQUET:
                with self._parquet.cursor() as database:
                    return self._count(database, f"read_parquet({_literal(str(file))})")
            case FileKind.DUCKDB:
                return self._in_duckdb(file)
            case FileKind.SQLITE:
                return _in_sqlite(file, self._values)
        content = file.read_bytes()
        found = {number: len(value.spans_in(content)) for number, value in enumerate(self._values)}
        return {number: count for number, count in found.items() if count}

    def _in_duckdb(self, file: Path) -> dict[int, int]:
        total: Counter[int] = Counter()
        with duckdb.connect(str(file), read_only=True) as database:
            tables = database.execute(
                "select table_schema, table_name from information_schema.tables"
                " where table_type = 'BASE TABLE' and table_catalog = current_database()"
            ).fetchall()
            for schema, table in tables:
                total.update(self._count(database, f"{quoted(schema)}.{quoted(table)}"))
        return dict(total)

    def _count(self, database: duckdb.DuckDBPyConnection, relation: str) -> dict[int, int]:
        """The rows of a relation in which each value stands."""
        described = database.execute(f"describe select * from {relation}").fetchall()  # noqa: S608
        texts = [quoted(name) for name, kind, *_ in described if "VARCHAR" in kind]
        if not texts:
            return {}
        row = " || chr(31) || ".join(f"coalesce(cast({name} as varchar), '')" for name in texts)
        conditions = [_matches("row_text", value.pattern) for value in self._values]
        if self._sure:
            conditions.append(f"{_matches('row_text', self._sure)} and {_matches('row_text', self._keys)}")
        counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
        query = f"select {counts} from (select {row} as row_text from {relation}) as texts"  # noqa: S608
        result = list(database.execute(query).fetchall()[0])
        if self._sure:
            self._found.beside_keys += result.pop()
        return {number: count for number, count in enumerate(result) if count}


def _matches(column: str, pattern: str) -> str:
    return f"regexp_matches({column}, {_literal(pattern)}, 'i')"


def _in_sqlite(file: Path, values: Sequence[Value]) -> dict[int, int]:
    """Row by row, and byte by byte for what stands in pages that are free."""
    content = file.read_bytes()
    total: Counter[int] = Counter()
    patterns = [compiled(value.pattern) for value in values]
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        names = database.execute("select name from sqlite_master where type = 'table'").fetchall()
        for (name,) in names:
            for row in database.execute(f"select * from {quoted(name)}"):  # noqa: S608
                text = "\x1f".join(item for item in row if isinstance(item, str))
                total.update(number for number, pattern in enumerate(patterns) if pattern.search(text))
    for number, value in enumerate(values):
        if not total[number] and (count := len(value.spans_in(content))):
            total[number] = count
    return {number: count for number, count in total.items() if count}


def quoted(name: str) -> str:
    """An identifier, whatever stands in it."""
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
