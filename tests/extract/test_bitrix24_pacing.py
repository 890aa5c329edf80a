"""Streams that share a method share its execution time."""

from __future__ import annotations

import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from extract.sources.bitrix24.pacing import NEARLY, ExecutionTime


def told(operating: float, cost: float = 1.0, reset_in: float = 0.0) -> dict[str, Any]:
    return {"operating": operating, "processing": cost, "operating_reset_at": time.time() + reset_in}


def test_what_is_under_way_is_no_room_for_others() -> None:
    execution = ExecutionTime(time.sleep, limit_seconds=100)
    execution.note("list", told(operating=38))
    with execution.room_for("list", 50) as first, execution.room_for("list", 50) as second:
        assert (first, second) == (50, int(100 * NEARLY - 38 - 50))
    with execution.room_for("list", 50) as third:
        assert third == 50


def test_a_full_method_waits_for_the_reply_under_way_and_others_do_not() -> None:
    execution = ExecutionTime(time.sleep, limit_seconds=10)
    execution.note("list", told(operating=0))
    entered = threading.Event()

    def ask() -> None:
        with execution.room_for("list", 5):
            entered.set()

    with execution.room_for("list", 9):
        waiting = threading.Thread(target=ask)
        waiting.start()
        assert not entered.wait(0.1)
        with execution.room_for("another", 3) as pages:
            assert pages == 3
    waiting.join(timeout=5)
    assert entered.is_set()


def test_after_a_wait_there_is_room_for_one_page_alone() -> None:
    slept: list[float] = []
    execution = ExecutionTime(slept.append, limit_seconds=10)
    execution.note("list", told(operating=9.9, reset_in=30))
    with execution.room_for("list", 5) as pages:
        assert pages == 1
    assert 25 < sum(slept) < 31


def test_room_is_given_back_when_a_request_fails() -> None:
    execution = ExecutionTime(time.sleep, limit_seconds=10)
    execution.note("list", told(operating=0))

    def fail() -> None:
        with execution.room_for("list", 9) as pages:
            assert pages == 9
            raise KeyError

    for _ in range(3):
        with pytest.raises(KeyError):
            fail()


def note_every(execution: ExecutionTime, count: int) -> None:
    for number in range(count):
        execution.note(f"method {number}", {"duration": 1})


def test_what_was_spent_is_told_while_other_streams_ask_new_methods() -> None:
    execution = ExecutionTime(time.sleep, limit_seconds=100)
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(1) as pool:
            noting = pool.submit(note_every, execution, 3000)
            while not noting.done():
                execution.spent()
    finally:
        sys.setswitchinterval(before)
    assert sum(execution.spent().values()) == 3000
