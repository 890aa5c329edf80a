from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from extract.core import locks
from extract.core.locks import LockedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD = """
import sys
from pathlib import Path
from extract.core import locks

with locks.hold(Path(sys.argv[1]), sys.argv[2:]):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the locks of the warehouse and of moscow."""
    command = [sys.executable, "-c", HOLD, str(tmp_path), "warehouse", "moscow"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_process_is_refused_at_once_and_told_who_holds_the_lock(
    holder: subprocess.Popen[str], tmp_path: Path
) -> None:
    with pytest.raises(LockedError, match=rf"Connection moscow is in use by process {holder.pid} \(-c"):
        locks.hold(tmp_path, ["us", "moscow"]).__enter__()
    with locks.hold(tmp_path, ["us"]):
        pass


def test_a_killed_holder_holds_nothing(holder: subprocess.Popen[str], tmp_path: Path) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert f"process {holder.pid} " in str(locks.holder_of(tmp_path, "moscow"))
    assert locks.holder_now(tmp_path, "moscow") is None
    with locks.hold(tmp_path, ["warehouse", "moscow"]):
        assert f"process {holder.pid} " not in str(locks.holder_of(tmp_path, "moscow"))


def test_a_process_may_hold_its_own_lock_again(tmp_path: Path) -> None:
    with locks.hold(tmp_path, ["warehouse"]):
        with locks.hold(tmp_path, ["warehouse", "us"]):
            pass
        assert locks.holder_of(tmp_path, "warehouse") is not None
    assert locks.holder_of(tmp_path, "warehouse") is None


def test_locks_and_notes_are_private(tmp_path: Path) -> None:
    with locks.hold(tmp_path / "locks", ["warehouse"]):
        assert (tmp_path / "locks").stat().st_mode & 0o777 == 0o700
