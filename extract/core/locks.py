"""File locks: one cycle at a time per connection and per warehouse, whoever starts it.

The kernel releases a lock when its holder dies, so a lock is never stale; the note about its holder may be,
and is believed only while the lock is held.
"""

from __future__ import annotations

import json
import os
import shlex
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from extract.core.errors import DealhouseError
from extract.core.files import private_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FOLDER = "locks"  # of a data home
WAREHOUSE = "warehouse"


class LockedError(DealhouseError):
    """Another process holds a lock that this one needs."""


@dataclass(frozen=True)
class Holder:
    """Who holds a lock."""

    pid: int
    command: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} ({self.command}), since {self.since}"


@contextmanager
def hold(folder: Path, names: Iterable[str]) -> Iterator[None]:
    """Hold the locks `names` under `folder`, or fail at once naming the holder.

    Locks that this process holds are held once more, so that a command may take all of them before its steps.
    """
    with ExitStack() as held:
        for name in sorted(set(names)):
            held.enter_context(_one(private_folder(folder), name))
        yield


@contextmanager
def _one(folder: Path, name: str) -> Iterator[None]:
    lock = FileLock(folder / f"{name}.lock", mode=0o600, thread_local=False, is_singleton=True)
    try:
        lock.acquire(timeout=0)
    except Timeout as timeout:
        raise _refusal(folder, name) from timeout
    note = folder / f"{name}.json"
    try:
        if lock.lock_counter == 1:
            _write_note(note)
        yield
    finally:
        if lock.lock_counter == 1:
            note.unlink(missing_ok=True)
        lock.release()


def holder_of(folder: Path, name: str) -> Holder | None:
    """Who said last that it took the lock; None when nobody did."""
    try:
        return Holder(**json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _write_note(note: Path) -> None:
    command = shlex.join([Path(sys.argv[0]).name, *sys.argv[1:]])
    holder = Holder(os.getpid(), command, datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"))
    part = note.with_suffix(".json.part")
    part.write_text(json.dumps(asdict(holder)), encoding="utf-8")
    part.replace(note)


def _refusal(folder: Path, name: str) -> LockedError:
    subject = "The warehouse" if name == WAREHOUSE else f"Connection {name}"
    holder = holder_of(folder, name)
    return LockedError(
        f"{subject} is in use by {holder or 'another process'}.",
        str(folder / f"{name}.lock"),
        "Wait until it ends, or stop it, and run this again.",
    )


def holder_now(folder: Path, name: str) -> Holder | None:
    """Who holds the lock at this moment; asking takes it for an instant."""
    lock = FileLock(folder / f"{name}.lock", mode=0o600, thread_local=False, is_singleton=True)
    try:
        with lock.acquire(timeout=0):
            return None
    except Timeout:
        return holder_of(folder, name)
