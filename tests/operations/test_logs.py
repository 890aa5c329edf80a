"""Logs stay small."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.logs import KEPT_LOGS, rotate_all, rotated

if TYPE_CHECKING:
    from pathlib import Path


def test_a_small_log_stays_as_it_is(tmp_path: Path) -> None:
    log = tmp_path / "quality.log"
    assert rotated(log, 10) == log
    log.write_text("small")
    rotated(log, 10)
    assert log.read_text() == "small"


def test_a_large_log_makes_room_and_a_few_older_ones_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "quality.log"
    for number in range(KEPT_LOGS + 3):
        rotated(log, 5).write_text(f"large {number}")
    older = [log.with_name(f"{log.name}.{number + 1}").read_text() for number in range(KEPT_LOGS)]
    assert log.read_text() == "large 5"
    assert older == ["large 4", "large 3", "large 2"]
    assert len(list(tmp_path.iterdir())) == KEPT_LOGS + 1


def test_the_log_of_dbt_is_left_to_dbt(tmp_path: Path) -> None:
    for name in ("dbt.log", "other.log"):
        (tmp_path / name).write_bytes(b"x" * 6_000_000)
    rotate_all(tmp_path)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["dbt.log", "other.log.1"]
