"""Closed days of the lake in few files. Rows, and what readers see of them, stay the same at every moment.

A compacted file keeps the load id of every row, so incremental models go on where they were; and since the
fingerprint of a table is over its loads, nothing is built again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import duckdb
import orjson
import pyarrow.parquet as pq

from extract.core.errors import LakeError
from extract.core.lake import OWN, Lake
from extract.core.ledger import COMPACTED, FOLDED, FOLDER, LOADS_KEY
from extract.core.set_aside import finish_replacements, replace_files
from orchestration import build_record
from orchestration.places import PRIVATE_FILE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from extract.core.ledger import LakeFile
    from orchestration.places import Places

LARGEST_FILE = 512_000_000  # bytes: rewriting more than that each time gains nothing
GROWTH = 4  # a file is rewritten when what is newer has grown to a quarter of it
OWN_TABLES = ("extraction_runs", "publications", "dq_transitions")
"""Tables of Dealhouse's own that grow with every run; those of settings have a file per change."""


@dataclass
class Compacted:
    """What a compaction did."""

    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0

    def add(self, old: Sequence[Path], new: Path, size_before: int) -> None:
        """Count one replacement."""
        self.files_before += len(old)
        self.files_after += 1
        self.bytes_before += size_before
        self.bytes_after += new.stat().st_size


def compact_lake(places: Places, today: date, progress: Callable[[int, int], None]) -> Compacted:
    """Compact what was landed before `today`. The caller holds the locks of the warehouse and connections."""
    lake, done = Lake(places.home), Compacted()
    for schema in schemas(lake):
        finish_replacements(schema)
    tables = list(lake.tables())
    for number, (crm, entity) in enumerate(tables, start=1):
        progress(number, len(tables))
        files = lake.committed_files(crm, entity)
        for connection in sorted({file.connection for file in files}):
            mine = [file for file in files if file.connection == connection]
            _compact_table(lake.root / crm, _closed(mine, today), done)
    for crm in sorted({crm for crm, _ in tables}):
        _fold_ledger(lake.root / crm / FOLDER, today, done)
    for table in OWN_TABLES:
        _compact_own(places, lake, table, today, done)
    return done


def schemas(lake: Lake) -> list[Path]:
    """The folders of the lake that hold tables."""
    return sorted(folder for folder in lake.root.glob("*/") if folder.is_dir())


def _closed(files: Sequence[LakeFile], today: date) -> list[LakeFile]:
    """The files of earlier days, oldest first."""
    closed = [file for file in files if _day_of(file.load_id) < today]
    return sorted(closed, key=lambda file: float(file.load_id))


def _day_of(load_id: str) -> date:
    return datetime.fromtimestamp(float(load_id), UTC).date()


def _compact_table(schema: Path, files: Sequence[LakeFile], done: Compacted) -> None:
    chosen = set(_worth_joining([file.path for file in files]))
    joined = [file for file in files if file.path in chosen]
    if not joined:
        return
    loads = sorted({load_id for file in joined for load_id in file.load_ids}, key=float)
    paths = [file.path for file in joined]
    last = joined[-1]
    name = f"{last.connection}.{last.load_id}{COMPACTED}{_digest(paths)}.parquet"
    _replace(schema, paths, last.path.with_name(name), loads, done)


def _compact_own(places: Places, lake: Lake, table: str, today: date, done: Compacted) -> None:
    built = build_record.read_record(places).built
    # Landed again under the same name, should a kill have come between it and its publication.
    awaited = f"{built.build_id}.parquet" if built else ""
    files = [file for file in lake.own_files(table) if file.name != awaited and _changed_on(file) < today]
    chosen = set(_worth_joining(sorted(files, key=lambda file: file.stat().st_mtime)))
    paths = [file for file in files if file in chosen]
    if paths:
        new = paths[-1].with_name(f"folded{COMPACTED}{_digest(paths)}.parquet")
        _replace(lake.root / OWN, paths, new, [], done)


def _changed_on(file: Path) -> date:
    return datetime.fromtimestamp(file.stat().st_mtime, UTC).date()


def _worth_joining(files: Sequence[Path]) -> list[Path]:
    """From the newest back, as long as a file is not much larger than all that is newer together.

    So every row is rewritten a few times in its life, and a table has few files, each larger than the next.
    """
    chosen: list[Path] = []
    size = 0
    for file in reversed(files):
        own = file.stat().st_size
        if own > LARGEST_FILE:
            continue
        if COMPACTED in file.name and own > GROWTH * size:
            break
        chosen.append(file)
        size += own
    return chosen if len(chosen) > 1 else []


def _digest(paths: Sequence[Path]) -> str:
    return hashlib.sha256("\n".join(sorted(path.name for path in paths)).encode()).hexdigest()[:16]


def _replace(schema: Path, old: Sequence[Path], new: Path, loads: Sequence[str], done: Compacted) -> None:
    size = sum(path.stat().st_size for path in old)
    replace_files(schema, old, new, lambda part: _join(old, part, loads))
    done.add(old, new, size)


def _join(old: Sequence[Path], part: Path, loads: Sequence[str]) -> None:
    files = ", ".join(_text(str(path)) for path in old)
    about = f", kv_metadata {{{LOADS_KEY}: {_text(orjson.dumps(loads).decode())}}}" if loads else ""
    spill = part.with_name(f"{part.name}.spill")  # made when memory runs short, and removed at the end
    settings: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": "1GB",
        "temp_directory": str(spill),
    }
    with duckdb.connect(config=settings) as database:
        database.execute(
            f"copy (select * from read_parquet([{files}], union_by_name = true)) to {_text(str(part))}"  # noqa: S608
            f" (format parquet, compression zstd{about})"
        )
    part.chmod(PRIVATE_FILE)
    rows = sum(pq.read_metadata(path).num_rows for path in old)
    written = pq.read_metadata(part).num_rows
    if written != rows:
        part.unlink()
        raise LakeError(
            f"{written:,} of {rows:,} rows were written.",
            str(part),
            "Nothing was replaced. Please report it.",
        )


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _fold_ledger(folder: Path, today: date, done: Compacted) -> None:
    """Lines of closed days into one file. A line may stand twice, so a kill may come anywhere."""
    closed = [path for path in _single_lines(folder) if _day_of(path.stem.rpartition("__")[2]) < today]
    if len(closed) < 2:
        return
    folded = folder / FOLDED
    before = [line for line in (folded.read_text("utf-8") if folded.exists() else "").splitlines() if line]
    lines = dict.fromkeys([*before, *(path.read_text("utf-8").strip() for path in closed)])
    part = folder / f"{FOLDED}.part"
    part.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    part.replace(folded)
    for path in closed:
        path.unlink()
    done.files_before += len(closed)
    done.files_after += 1


def _single_lines(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*.jsonl")) if path.name != FOLDED)
