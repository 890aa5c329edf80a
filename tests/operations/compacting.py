"""The act of compaction, for `deaths`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.lake_care.compaction import compact_lake
from orchestration.places import Places
from tests.operations.small_lake import TODAY

if TYPE_CHECKING:
    from pathlib import Path

    from orchestration.lake_care.compaction import Compacted


def act(home: Path) -> Compacted:
    """Compact the small lake."""
    return compact_lake(Places(home), TODAY, lambda _done, _total: None)
