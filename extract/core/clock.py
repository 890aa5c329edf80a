"""Time as the CRM's server tells it: what is compared with its records must come from its own clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta


class ServerClock:
    """The server's time at `started_at`, carried on by our monotonic clock; never before `floor`."""

    def __init__(self, server_time: datetime, floor: datetime | None = None) -> None:
        self.server_started_at = server_time.astimezone(UTC)
        # A clock set back (a restored portal) must not make newer captures look older.
        behind = floor is not None and floor >= self.server_started_at
        self.started_at = floor + timedelta(microseconds=1) if floor and behind else self.server_started_at
        self._monotonic = time.monotonic()

    def now(self) -> datetime:
        """The present moment on the server, aware, UTC."""
        return self.started_at + timedelta(seconds=time.monotonic() - self._monotonic)

    def difference_seconds(self) -> float:
        """How far the server is ahead of this machine."""
        return (self.now() - datetime.now(UTC)).total_seconds()


def parse_time(text: str) -> datetime:
    """An ISO-8601 time with an offset or Z, as aware UTC."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def readable_time(text: object) -> datetime | None:
    """The same of what should be such a time; None where it is none.

    For times of single records: one that is empty or odd must not make all the others unreadable.
    """
    try:
        return parse_time(text) if isinstance(text, str) else None
    except (ValueError, OverflowError):  # the latter: a year 1 that an offset moves before the first day
        return None
