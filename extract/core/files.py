"""Files that appear at once and folders that are private."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import fsspec
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

PRIVATE = 0o700
PRIVATE_UMASK = 0o077


class AtomicLocalFileSystem(LocalFileSystem):  # type: ignore[misc]
    """A local filesystem whose files are whole from the moment they have their name.

    dlt copies onto the final name: a kill there leaves half a file that breaks every reader. And it makes the
    folder of a CRM as if it were alone, while several connections of that CRM may land for the first time.
    """

    def makedirs(self, path: str, exist_ok: bool = False) -> None:  # noqa: ARG002
        """Make the folder, or find it there."""
        super().makedirs(path, exist_ok=True)

    def put_file(self, path1: str, path2: str, callback: Any = None, **kwargs: Any) -> None:  # noqa: ARG002
        """Copy beside the final name, then rename."""
        final = self._strip_protocol(path2)
        self.cp_file(path1, f"{final}.part")
        os.replace(f"{final}.part", final)  # noqa: PTH105

    def write_text(self, path: str, value: str, encoding: str = "utf-8", **kwargs: Any) -> None:  # noqa: ARG002
        """Write beside the final name, then rename: dlt commits its loads this way."""
        final = Path(self._strip_protocol(path))
        part = final.with_name(f"{final.name}.{uuid4().hex[:12]}.part")
        part.write_text(value, encoding=encoding)
        part.replace(final)


def use_atomic_files() -> None:
    """Let dlt's `file` filesystem be the atomic one; called when a pipeline is made, not on import."""
    fsspec.register_implementation("file", AtomicLocalFileSystem, clobber=True)


def private_folder(path: Path) -> Path:
    """Make the folder, readable by its owner alone."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        folder.chmod(PRIVATE)
    return path


def atomic_write_parquet(table: Any, folder: Path, stem: str) -> Path:
    """Write an Arrow table as `<folder>/<stem>.<random>.parquet`, whole from the first moment."""
    private_folder(folder)
    final = folder / f"{stem}.{uuid4().hex[:12]}.parquet"
    part = final.with_name(final.name + ".part")
    pq.write_table(table, part)
    part.replace(final)
    return final
