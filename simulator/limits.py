"""Quotas as the CRMs keep them; every limit takes the moment as an argument, so that none reads a clock."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from math import ceil

BUCKETS = 10


@dataclass
class LeakyBucket:
    """Fills by one a request, drains steadily, refuses when full."""

    drain_per_second: float
    capacity: float
    level: float = 0.0
    at: float = 0.0

    def admit(self, now: float) -> bool:
        """Whether a request at `now` fits in."""
        self.level = max(0.0, self.level - (now - self.at) * self.drain_per_second)
        self.at = now
        if self.level + 1 > self.capacity:
            return False
        self.level += 1
        return True


@dataclass
class OperatingTime:
    """Execution seconds of one method in ten buckets, which are a minute each unless tests hurry."""

    limit_seconds: float
    window_seconds: float = 600
    buckets: dict[int, float] = field(default_factory=dict)

    def spent(self, now: float) -> float:
        """The seconds that count at `now`."""
        oldest = self._bucket(now) - BUCKETS
        self.buckets = {bucket: spent for bucket, spent in self.buckets.items() if bucket > oldest}
        return sum(self.buckets.values())

    def is_blocked(self, now: float) -> bool:
        """Whether the next call of the method is refused."""
        return self.spent(now) >= self.limit_seconds

    def spend(self, now: float, seconds: float) -> None:
        """Count a call."""
        bucket = self._bucket(now)
        self.buckets[bucket] = self.buckets.get(bucket, 0.0) + seconds

    def resets_at(self, now: float) -> int:
        """When the oldest bucket stops counting."""
        oldest = min(self.buckets, default=self._bucket(now))
        return ceil((oldest + BUCKETS) * self.window_seconds / BUCKETS)

    def _bucket(self, now: float) -> int:
        return int(now * BUCKETS // self.window_seconds)


@dataclass
class RollingWindow:
    """At most `limit` requests in any `seconds`."""

    limit: float
    seconds: float
    moments: deque[float] = field(default_factory=deque)
    peak: int = 0

    def remaining(self, now: float) -> int:
        """How many requests still fit at `now`."""
        while self.moments and self.moments[0] <= now - self.seconds:
            self.moments.popleft()
        return int(self.limit) - len(self.moments)

    def admit(self, now: float) -> bool:
        """Whether a request at `now` fits in."""
        if self.remaining(now) < 1:
            return False
        self.moments.append(now)
        self.peak = max(self.peak, len(self.moments))
        return True
