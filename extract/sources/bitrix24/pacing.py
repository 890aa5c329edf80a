"""Bitrix24's binding limit: seconds of execution per method in ten minutes, told by `time.operating`."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract.core import patience
from extract.core.clock import parse_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WINDOW_SECONDS = 600.0
LIMIT_SECONDS = 480.0
NEARLY = 0.98
CREDIBLE_SHARE = 0.5
LONGEST_WAIT = 60.0
MOST_REFUSALS = 40
OTHERS_SECONDS = 1.0


@dataclass
class _Method:
    operating: float = 0.0  # as last told
    freed_at: float = 0.0  # monotonic; when the oldest minute leaves the window
    page_cost: float = 0.0
    reserved: float = 0.0  # by requests under way
    spent: float = 0.0  # in total, for the share
    refusals: int = 0  # since the last success


class ExecutionTime:
    """Keeps every method just below its limit, without holding up the others.

    `limit_seconds` is what is known: the documented value, lowered when the portal refuses earlier.
    """

    def __init__(self, sleep: Callable[[float], None], limit_seconds: float = LIMIT_SECONDS) -> None:
        self.limit_seconds = limit_seconds
        self._sleep = sleep
        self._lock = threading.Condition()
        self._methods: dict[str, _Method] = {}

    @contextmanager
    def room_for(self, method: str, wanted: int) -> Iterator[int]:
        """Wait until at least one page fits, then keep room for as many of the wanted ones as do.

        Streams that share a method share its limit: what one has under way is no room for the others.
        """
        known = self._method(method)
        pages, seconds = self._reserve(known, wanted)
        try:
            yield pages
        finally:
            with self._lock:
                known.reserved -= seconds
                self._lock.notify_all()

    def _reserve(self, known: _Method, wanted: int) -> tuple[int, float]:
        while True:
            with self._lock:
                room = self.limit_seconds * NEARLY - known.operating - known.reserved
                cost = known.page_cost
                if room >= cost:
                    pages = min(wanted, max(1, int(room / cost))) if cost else wanted
                    known.reserved += pages * cost
                    return pages, pages * cost
                if known.reserved > 0:
                    self._lock.wait(OTHERS_SECONDS)  # their replies tell how much is left
                    continue
            self._wait(known)

    def _wait(self, known: _Method) -> None:
        remaining = known.freed_at - time.monotonic()
        if remaining > 0:
            self._sleep(remaining)
        # How much has been freed is told by the next reply, so there is room for one page until then.
        known.operating = self.limit_seconds * NEARLY - 1.01 * known.page_cost

    def note(self, method: str, told: Any, pages: int = 1) -> None:
        """Take in the `time` block of a reply; every part of it may be missing."""
        if not isinstance(told, dict):
            return
        known = self._method(method)
        known.refusals = 0
        cost = _number(told.get("processing")) or _number(told.get("duration")) or 0.0
        with self._lock:
            known.spent += cost
        operating = _number(told.get("operating"))
        if operating is None:
            return
        known.page_cost = max(cost / pages, 0.9 * known.page_cost)
        known.operating = operating
        reset_at, finish = _epoch(told.get("operating_reset_at")), _epoch(told.get("finish"))
        if reset_at is not None:
            # Without a `finish` our own clock has to do, which may be days away from the portal's.
            remaining = min(WINDOW_SECONDS, max(0.0, reset_at - (finish or time.time())))
            known.freed_at = time.monotonic() + remaining

    def refused(self, method: str) -> bool:
        """The portal blocked the method: wait. False when it has been blocked for too long.

        Near the limit, the limit is learned and the wait lasts until the oldest minute leaves the window.
        Otherwise somebody else spends on it, and nobody tells when that ends.
        """
        known = self._method(method)
        known.refusals += 1
        is_ours = known.operating > self.limit_seconds * CREDIBLE_SHARE
        if is_ours and known.freed_at > time.monotonic():
            self.limit_seconds = min(self.limit_seconds, known.operating)
            self._wait(known)
        else:
            self._sleep(min(LONGEST_WAIT, patience.FIRST_BACKOFF * 2**known.refusals))
        return known.refusals < MOST_REFUSALS

    def spent(self) -> dict[str, float]:
        """Seconds of execution per method so far."""
        with self._lock:
            return {name: known.spent for name, known in self._methods.items()}

    def _method(self, name: str) -> _Method:
        with self._lock:
            return self._methods.setdefault(name, _Method())


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _epoch(value: Any) -> float | None:
    if isinstance(value, str):  # one documented example shows a time in words
        try:
            return parse_time(value).timestamp()
        except ValueError:
            return None
    return _number(value)
