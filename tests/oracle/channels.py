"""Channels by the `channels` seed: what a mark or a source means is data, not a rule."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SEED = Path(__file__).parents[2] / "seeds" / "channels.csv"


@cache
def _channels() -> dict[tuple[str, str], tuple[int, str]]:
    with SEED.open(encoding="utf-8", newline="") as file:
        return {
            (row["match_field"], row["match_value"].lower()): (int(row["precedence"]), row["channel"])
            for row in csv.DictReader(file)
        }


def channel_of(source: str | None, utm: Mapping[str, str | None]) -> str | None:
    """The first channel, by precedence, that a mark or the source stands for; case does not matter."""
    values = {"utm_medium": utm["utm_medium"], "utm_source": utm["utm_source"], "source": source}
    keys = [(field, value.lower()) for field, value in values.items() if value]
    found = sorted(_channels()[key] for key in keys if key in _channels())
    if found:
        return found[0][1]
    return "other" if source or any(utm.values()) else None
