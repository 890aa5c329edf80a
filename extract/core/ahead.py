"""An iterator read one step ahead in a thread: a portal works on the next page while we work on this one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


def ahead(steps: Iterator[T]) -> Iterator[T]:
    """The same steps; its errors come where they would have come."""
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as reader:
        following = reader.submit(_next, steps)
        while step := following.result():
            following = reader.submit(_next, steps)
            yield step[0]


def _next(steps: Iterator[T]) -> tuple[T] | None:
    for step in steps:
        return (step,)
    return None
