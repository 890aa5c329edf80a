"""Files of the lake that do not count at this moment, although they are there.

Replacing files by one that holds the same rows takes several steps, and readers must see the rows once after
each of them. So a list beside the tables names the files that do not count: first the new one, while it comes
to be, then, by one rename, the old ones, until they are gone. After a kill, whatever stands in a list is what
may be deleted.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import orjson

from extract.core.files import private_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FOLDER = "_set_aside"
"""Inside the folder of a CRM, or of Dealhouse's own tables; `lake_view` in dbt reads the same lists."""


def names_set_aside(schema: Path) -> set[str]:
    """The names of the files of the tables below `schema` that do not count."""
    return {path.name for path in _listed(schema)}


def replace_files(schema: Path, old: Sequence[Path], new: Path, write: Callable[[Path], None]) -> None:
    """Let `new`, which `write` makes, take the place of `old`, all of them in tables of `schema`."""
    part = new.with_name(f"{new.name}.part")
    write(part)
    _keep(part)
    aside = private_folder(schema / FOLDER) / f"{new.name}.jsonl"
    _set_aside(aside, [new])
    part.replace(new)
    _keep(new.parent)
    _set_aside(aside, old)
    _remove(aside)


def finish_replacements(schema: Path) -> None:
    """Finish or take back what a kill cut short. Call it while nobody writes to the tables."""
    for spill in schema.glob("*/*.part.spill"):
        shutil.rmtree(spill)
    for part in schema.glob("*/*.part"):
        part.unlink()
    for aside in schema.glob(f"{FOLDER}/*.jsonl"):
        _remove(aside)


def _set_aside(aside: Path, files: Sequence[Path]) -> None:
    lines = [orjson.dumps({"file": f"{file.parent.name}/{file.name}"}) for file in files]
    part = aside.with_name(f"{aside.name}.part")
    part.write_bytes(b"\n".join(lines))
    _keep(part)
    part.replace(aside)
    _keep(aside.parent)


def _remove(aside: Path) -> None:
    for file in _files_in(aside):
        file.unlink(missing_ok=True)
    aside.unlink()


def _listed(schema: Path) -> list[Path]:
    return [file for aside in sorted(schema.glob(f"{FOLDER}/*.jsonl")) for file in _files_in(aside)]


def _files_in(aside: Path) -> list[Path]:
    schema = aside.parent.parent
    return [schema / orjson.loads(line)["file"] for line in aside.read_bytes().splitlines()]


def _keep(path: Path) -> None:
    """Let the disk hold it before the next step deletes what it replaces."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
