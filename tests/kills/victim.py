"""`python -m tests.kills.victim POINT NTH ARGUMENTS...`: `dealhouse`, killed at the NTH moment of POINT.

A step has two moments: the odd one just before it, the even one just after it. The whole process group dies,
dbt included.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dlt.destinations.impl.filesystem.filesystem import FilesystemClient
from dlt.pipeline.pipeline import Pipeline

import extract.core.http
import orchestration.cycle
import orchestration.dbt
from extract.core.files import AtomicLocalFileSystem
from orchestration.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable


def die() -> None:
    """What a power cut does."""
    os.killpg(0, signal.SIGKILL)


class Countdown:
    """Wraps functions; the call of any of them that the nth moment belongs to is the last."""

    def __init__(self, nth: int) -> None:
        self._left = (nth + 1) // 2
        self._is_before = nth % 2 == 1

    def wrap(self, owner: Any, name: str, counts: Callable[..., bool] = lambda *_args: True) -> None:
        """Let `owner.name` count down."""
        original = getattr(owner, name)

        def counted(*args: Any, **kwargs: Any) -> Any:
            if not counts(*args):
                return original(*args, **kwargs)
            self._left -= 1
            if self._left == 0 and self._is_before:
                die()
            result = original(*args, **kwargs)
            if self._left == 0:
                die()
            return result

        setattr(owner, name, counted)


def page(nth: int) -> None:
    """Around the reading of a reply."""
    Countdown(nth).wrap(extract.core.http, "_parsed")


def package(nth: int) -> None:
    """Between the steps of a load package: extracted, normalized, loaded."""
    countdown = Countdown(nth)
    for step in ("extract", "normalize", "load"):
        countdown.wrap(Pipeline, step)


def file_copy(nth: int) -> None:
    """In the middle of copying a file into the lake."""
    left = [nth]
    original = AtomicLocalFileSystem.cp_file

    def half(self: Any, path1: str, path2: str, **kwargs: Any) -> None:
        left[0] -= 1
        if left[0] > 0:
            original(self, path1, path2, **kwargs)
            return
        content = Path(path1).read_bytes()
        Path(path2).write_bytes(content[: len(content) // 2])
        die()

    AtomicLocalFileSystem.cp_file = half


def load_commit(nth: int) -> None:
    """Around the line of the ledger that makes a load exist."""
    Countdown(nth).wrap(FilesystemClient, "complete_load")


def model_commit(nth: int) -> None:
    """When dbt has just finished its nth model or test."""
    left = [nth]
    original = orchestration.dbt._read_event

    def counted(line: str, progress: Callable[[int, int], None], complaints: list[str]) -> None:
        original(line, progress, complaints)
        left[0] -= '"node_status": "success"' in line or '"status": "success"' in line
        if left[0] <= 0:
            die()

    orchestration.dbt._read_event = counted


def swap(nth: int) -> None:
    """Around every copy, rename and link of a publication."""

    def is_serving(*paths: Any) -> bool:
        return any("/serving/" in str(path) for path in paths)

    countdown = Countdown(nth)
    countdown.wrap(Path, "rename", is_serving)
    countdown.wrap(Path, "replace", is_serving)
    countdown.wrap(shutil, "copyfile", is_serving)
    countdown.wrap(shutil, "rmtree", is_serving)


def transitions(nth: int) -> None:
    """Around the landing of what changed in the issues."""
    Countdown(nth).wrap(orchestration.cycle, "land_transitions")


POINTS = {
    point.__name__: point
    for point in (page, package, file_copy, load_commit, model_commit, swap, transitions)
}

if __name__ == "__main__":
    POINTS[sys.argv[1]](int(sys.argv[2]))
    sys.argv = ["dealhouse", *sys.argv[3:]]
    main()
