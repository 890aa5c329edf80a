"""Why deals were lost, and to whom: noted at the moment of losing, if at all."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from simulator import client_words as words
from simulator.changing import set_values
from simulator.model import WON_STAGE, Deal, Value, World

if TYPE_CHECKING:
    from datetime import datetime


def note_losses(world: World, since: datetime | None = None) -> None:
    """Note reasons and competitors of all deals lost after `since`, or ever."""
    for deal in world.deals:
        if since is None or deal.changes[-1].at > since:
            _note(world, deal, since)


def _note(world: World, deal: Deal, since: datetime | None) -> None:
    before = None
    for change in tuple(deal.changes):
        if change.name != "stage":
            continue
        is_lost = change.value[1] > WON_STAGE and change.value != before
        before = change.value
        if not is_lost or (since is not None and change.at <= since):
            continue
        random = Random(f"{world.seed}:loss:{deal.number}:{change.at.isoformat()}")
        if random.random() < 0.75:
            set_values(deal, change.at, change.by, _reason(random))


def _reason(random: Random) -> dict[str, Value]:
    reason = random.choice(words.LOSS_REASONS)
    if random.random() < (0.8 if reason == words.LOSS_REASONS[1] else 0.15):
        return {"loss_reason": reason, "competitor": random.choice(words.COMPETITORS)}
    return {"loss_reason": reason}
