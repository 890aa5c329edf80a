"""What a portal counted while it was read."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from threading import Lock


class Counters:
    """Requests, errors, bytes, execution seconds and the peak rate; safe to read while serving."""

    def __init__(self) -> None:
        self._lock = Lock()
        self.requests: Counter[str] = Counter()
        self.errors: Counter[str] = Counter()
        self.execution_seconds: defaultdict[str, float] = defaultdict(float)
        self.bytes_sent = 0
        self.serving_seconds = 0.0
        self.peak_per_second = 0
        self.first_at: float | None = None
        self.last_at: float | None = None
        self._recent: deque[float] = deque()

    def count_request(self, path: str, now: float) -> None:
        """A request came in."""
        with self._lock:
            self.requests[path] += 1
            self.first_at = now if self.first_at is None else self.first_at
            self.last_at = now
            self._recent.append(now)
            while self._recent[0] <= now - 1:
                self._recent.popleft()
            self.peak_per_second = max(self.peak_per_second, len(self._recent))

    def count_answer(self, *, error: str | None, size: int, serving_seconds: float, now: float) -> None:
        """An answer went out; `error` names what was wrong with it."""
        with self._lock:
            if error is not None:
                self.errors[error] += 1
            self.bytes_sent += size
            self.serving_seconds += serving_seconds
            self.last_at = now

    def count_execution(self, method: str, seconds: float) -> None:
        """A method ran for `seconds` of modelled time."""
        with self._lock:
            self.execution_seconds[method] += seconds

    @property
    def total_requests(self) -> int:
        """All requests so far."""
        return sum(self.requests.values())

    @property
    def span_seconds(self) -> float:
        """From the first request to the last answer."""
        if self.first_at is None or self.last_at is None:
            return 0.0
        return self.last_at - self.first_at

    def reset(self) -> None:
        """Begin counting anew."""
        with self._lock:
            self.requests.clear()
            self.errors.clear()
            self.execution_seconds.clear()
            self._recent.clear()
            self.bytes_sent = 0
            self.peak_per_second = 0
            self.serving_seconds = 0.0
            self.first_at = self.last_at = None
