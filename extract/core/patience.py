"""How often and how long a request that failed is tried again."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tenacity import wait_random

from extract.core.errors import TransientError

if TYPE_CHECKING:
    from tenacity import RetryCallState

FIRST_BACKOFF = 1.0
LONGEST_BACKOFF = 60.0
LONGEST_WAIT = 900.0  # who asks for more is asked again by the next run


class Patience:
    """Counts the failures of each kind apart: waiting out a limit uses up no tries after a fault."""

    def __init__(self) -> None:
        self._failures: Counter[type[TransientError]] = Counter()

    def is_over(self, state: RetryCallState) -> bool:
        """Whether this failure, which is counted here, was the last one to bear."""
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, TransientError):
            return True
        if error.wait_seconds is not None and error.wait_seconds > LONGEST_WAIT:
            return True
        self._failures[type(error)] += 1
        return self._failures[type(error)] >= error.attempts

    def pause_seconds(self, state: RetryCallState) -> float:
        """What the CRM asked for, else 1 s doubled each time; spread, or threads would return at once."""
        error = state.outcome.exception() if state.outcome else None
        if not isinstance(error, TransientError):
            return 0.0
        if error.wait_seconds is not None:
            return error.wait_seconds * float(wait_random(1.0, 1.1)(state))
        doubled: float = min(LONGEST_BACKOFF, FIRST_BACKOFF * 2 ** (self._failures[type(error)] - 1))
        return doubled * float(wait_random(0.5, 1.0)(state))
