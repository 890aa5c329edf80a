"""A request limit shared by all threads of a connection, and how much of it was used."""

from __future__ import annotations

import threading
import time

from pyrate_limiter import Limiter, Rate, SingleBucketFactory, StateBucket

SAFETY = 0.97  # requests reach the server unevenly; the last percents would cost refusals


class RateLimit:
    """At most `requests` per `seconds`, of which `burst` at once; changeable while in use."""

    def __init__(self, requests: float, seconds: float, burst: int) -> None:
        self._lock = threading.Lock()
        self._paused_until = 0.0
        self.acquired = 0
        self.adopt(requests, seconds, burst)

    def adopt(self, requests: float, seconds: float, burst: int) -> None:
        """Take on another limit, such as one that the CRM tells in its headers."""
        self.per_second = requests / seconds
        rate = Rate(max(1, int(self.per_second * SAFETY * 1000)), 1_000_000, burst=max(1, burst))
        bucket = StateBucket([rate])  # constant state: nothing to leak, so no background thread
        self._limiter = Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=1)

    def acquire(self, stopped: threading.Event) -> None:
        """Wait for a turn, or for the end of all turns."""
        while (remaining := self._paused_until - time.monotonic()) > 0:
            if stopped.wait(remaining):
                return
        self._limiter.try_acquire("request")
        with self._lock:
            self.acquired += 1

    def pause(self, seconds: float) -> None:
        """Let nobody through for so long: the CRM has just refused one of us."""
        with self._lock:
            self._paused_until = max(self._paused_until, time.monotonic() + seconds)


class LimitMeter:
    """The share of a limit that was used since the meter was made."""

    def __init__(self, limit: RateLimit) -> None:
        self._limit = limit
        self._acquired = limit.acquired
        self._started = time.monotonic()

    def share(self) -> float:
        """Requests made, by requests allowed in that time."""
        allowed = self._limit.per_second * (time.monotonic() - self._started)
        return min(1.0, (self._limit.acquired - self._acquired) / allowed) if allowed > 0 else 0.0
