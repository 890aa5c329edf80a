"""Copies of a home, each left behind by a kill at another step."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from orchestration.places import PROJECT

if TYPE_CHECKING:
    from pathlib import Path


def killed_copies(what: str, home: Path, copies: Path, every: int = 1) -> list[Path]:
    """Run the module's `act` on copies of a home, each killed at a later step; the last copy survived."""
    copies.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "tests.operations.deaths", what, str(home), str(copies), str(every)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return sorted(copies.iterdir())
