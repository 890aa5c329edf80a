"""Writes the life of one lead along a clock of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator import client_words as words
from simulator.changing import bear, employed, later, set_values
from simulator.client_book import emails, phones
from simulator.model import (
    LOST_STAGE,
    OTHER_LOST_STAGE,
    WON_STAGE,
    Lead,
    LeadStage,
    StageKind,
    Value,
    World,
)
from simulator.origins import traces

if TYPE_CHECKING:
    from random import Random

CONVERTED = WON_STAGE
JUNK = LOST_STAGE
STAGES = (
    LeadStage(1, "New", 10, StageKind.OPEN),
    LeadStage(2, "In process", 20, StageKind.OPEN),
    LeadStage(3, "Contacted", 30, StageKind.OPEN),
    LeadStage(4, "Processed", 40, StageKind.OPEN),
    LeadStage(CONVERTED, "Converted", 50, StageKind.WON),
    LeadStage(JUNK, "Junk", 60, StageKind.LOST),
    LeadStage(OTHER_LOST_STAGE, "Не наш клиент", 70, StageKind.LOST),
)


class LeadWriter:
    """Holds a lead at a moment; what would happen after `horizon` has not happened yet and is left out."""

    def __init__(self, world: World, random: Random, lead: Lead, at: datetime, horizon: datetime) -> None:
        self.world = world
        self.random = random
        self.lead = lead
        self.at = at
        self.horizon = horizon
        self.stage: int = lead.state_at(horizon).get("stage", 1)

    def wait(self, low_hours: float = 0.2, high_hours: float = 90) -> None:
        """Let time pass."""
        self.at = later(self.random, self.at, low_hours, high_hours)

    def record(self, **values: Value) -> None:
        """Set fields now, unless now is after the horizon."""
        if self.at <= self.horizon:
            set_values(self.lead, self.at, self.random.choice(employed(self.world, self.at)), values)

    def begin(self, stage: int = 1) -> None:
        """Give every field its first value."""
        random, number = self.random, self.lead.number
        people = employed(self.world, self.at)
        has_owner = random.random() < 0.97
        values = {
            "title": random.choice(words.LEAD_TITLES).format(n=number),
            "stage": stage,
            "amount": self._amount(),
            "currency": self.world.base_currency if random.random() < 0.8 else random.choice(("USD", "EUR")),
            "owner": random.choice(people) if has_owner else None,
            "company": None,
            "contacts": (),
            "disqualification": None,
            "phones": phones(random, ("work", "mobile")),
            "emails": emails(random, 100_000 + number, ("work",)),
            **traces(random, 0.8),
        }
        bear(self.lead, values)
        self.stage = stage

    def move(self, stage: int) -> None:
        """Put it into a status; a lost one mostly comes with a word about why."""
        self.record(stage=stage)
        if stage in (JUNK, OTHER_LOST_STAGE) and stage != self.stage:
            self.record(disqualification=self.random.choice(words.DISQUALIFICATIONS))
        self.stage = stage

    def edit(self) -> None:
        """One ordinary edit."""
        random = self.random
        edits: tuple[dict[str, Value], ...] = (
            {"owner": random.choice(employed(self.world, self.at))},
            {"amount": self._amount()},
            {"title": random.choice(words.LEAD_TITLES).format(n=self.lead.number) + " *"},
            {"source": random.randint(1, 8)},
        )
        self.record(**random.choice(edits))

    def delete(self) -> None:
        """Put it into the recycle bin."""
        self.record(is_deleted=True)

    def restore(self) -> None:
        """Take it out of the recycle bin."""
        self.record(is_deleted=False)

    def _amount(self) -> Decimal | None:
        if self.random.random() < 0.4:
            return self.random.choice((None, None, Decimal(0)))
        return Decimal(int(10 ** self.random.uniform(4, 7.5))) / 100


def start_of_life(at: datetime, random: Random, earliest: datetime) -> datetime:
    """When a lead was born that was converted at `at`: hours or weeks before."""
    hours = random.choice((random.uniform(0.5, 8), random.uniform(8, 90), random.uniform(90, 600)))
    return max(earliest, at - timedelta(seconds=int(hours * 3600)))
