"""A cycle watched on a terminal: one line that changes; where there is no terminal, a line per step."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from orchestration.console import cells, err
from orchestration.watching import Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.status import Status


class TerminalWatcher(Watcher):
    """Shows what it is told on standard error."""

    def __init__(self, status: Status | None) -> None:
        self._status = status
        self._records: dict[tuple[str, str], int] = {}
        self._step = ""
        self._lock = threading.Lock()

    def step(self, text: str) -> None:
        """Show the step that begins."""
        with self._lock:
            self._step = text
            self._records.clear()
        if self._status is None:
            err.print(f"{text} ...", soft_wrap=True)
        else:
            self._show(text)

    def read(self, connection: str, entity: str, records: int) -> None:
        """Show the records read so far of every connection."""
        with self._lock:
            self._records[connection, entity] = records
            totals: dict[str, int] = {}
            for (name, _), count in self._records.items():
                totals[name] = totals.get(name, 0) + count
        self._show(
            f"{self._step}: " + ", ".join(f"{name} {count:,}" for name, count in sorted(totals.items()))
        )

    def built(self, done: int, total: int) -> None:
        """Show how far dbt is."""
        self._show(f"{self._step}: {done} of {total}")

    def note(self, text: str) -> None:
        """Print a line that stays."""
        err.print(cells(text)[0], soft_wrap=True)

    def warn(self, text: str) -> None:
        """Print a warning that stays."""
        err.print(f"[yellow]Warning:[/] {cells(text)[0]}", soft_wrap=True)

    def _show(self, text: str) -> None:
        if self._status is not None:
            self._status.update(cells(text)[0])


@contextmanager
def watching(first_step: str) -> Iterator[TerminalWatcher]:
    """A watcher for the time of a command."""
    if not err.is_terminal:
        watcher = TerminalWatcher(None)
        watcher.step(first_step)
        yield watcher
        return
    with err.status(first_step) as status:
        watcher = TerminalWatcher(status)
        watcher.step(first_step)
        yield watcher
