"""What happens in the company from one day to the next."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING

from simulator import company, names
from simulator.changing import insert_change
from simulator.day_of_company import live_on
from simulator.deal_lives import live
from simulator.deal_writer import DealWriter
from simulator.model import WON_STAGE, Change, Deal, Rate, Stage, StageKind, World
from simulator.world import bulk_edit

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = timedelta(days=1)


def advance(world: World, days: int) -> None:
    """Let `days` days pass, one after the other: five single days are the same as five at once."""
    with world.lock:
        for _ in range(days):
            Day(world).happen()
        world.version += 1


class Day:
    """One day: first the company changes, then its deals, then all the rest."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.random = Random(f"{world.seed}:day:{world.now.isoformat()}")
        self.index = (world.now - world.start).days
        self.morning = world.now + timedelta(hours=1)
        self.evening = world.now + DAY

    def happen(self) -> None:
        """Let the day pass."""
        known_deals = len(self.world.deals)
        events = (
            self._add_stage,
            self._delete_stage,
            self._rename,
            self._dismiss,
            self._edit_many,
        )
        events[self.index % len(events)]()
        self._set_rate()
        for at, event in self._schedule():
            event(at)
        live_on(self.world, self.morning, self.evening, known_deals)
        self.world.now = self.evening

    def _schedule(self) -> list[tuple[datetime, Callable[[datetime], None]]]:
        busy = max(1.0, len(self.world.deals) * 0.002)
        plan: list[Callable[[datetime], None]] = []
        for event, often in (
            (self._new_deal, 2),
            (self._move, 4),
            (self._edit, 3),
            (self._edit_closed, 1),
            (self._delete, 0.7),
            (self._restore, 0.5),
            (self._change_pipeline, 0.7),
        ):
            plan += [event] * max(1, round(busy * often))
        from_noon = self.morning + timedelta(hours=2)
        seconds = int((self.evening - from_noon).total_seconds())
        times = sorted(from_noon + timedelta(seconds=self.random.randint(0, seconds)) for _ in plan)
        self.random.shuffle(plan)
        return list(zip(times, plan, strict=True))

    # ---- the company ----

    def _add_stage(self) -> None:
        pipeline = self.random.choice(self.world.pipelines)
        number = 1 + max(s.number for p in self.world.pipelines for s in p.stages if s.number < WON_STAGE)
        name = names.NEW_STAGES[number % len(names.NEW_STAGES)]
        probability = Decimal("0.35")
        stage = Stage(number, [(self.morning, name)], 35, StageKind.OPEN, probability, self.morning)
        pipeline.stages.insert(3, stage)

    def _delete_stage(self) -> None:
        pipeline = self.random.choice(self.world.pipelines)
        stages = [s for s in pipeline.stages if s.number < WON_STAGE and s.deleted_at is None]
        if len(stages) < 4:
            return
        doomed = self.random.choice(stages[1:])
        others = [stage for stage in stages if stage is not doomed]
        for deal in self.world.deals:
            state = deal.state_at(self.world.now)
            if state["stage"] == (pipeline.number, doomed.number):
                target = self.random.choice(others).number
                moved_at = self.morning - timedelta(minutes=1)
                insert_change(deal, Change(moved_at, "stage", (pipeline.number, target), 1))
        doomed.deleted_at = self.morning

    def _rename(self) -> None:
        pipeline = self.random.choice(self.world.pipelines)
        stage = self.random.choice([stage for stage in pipeline.stages if stage.deleted_at is None])
        stage.names.append((self.morning, f"{stage.names[0][1]} ({self.index})"))
        field = self.random.choice(self.world.custom_fields)
        field.labels.append((self.morning, f"{field.labels[0][1]} ({self.index})"))

    def _dismiss(self) -> None:
        present = [person for person in self.world.employees if person.dismissed_at is None]
        if len(present) < 4:
            return
        leaver = self.random.choice(present[1:])
        place = self.world.employees.index(leaver)
        self.world.employees[place] = replace(leaver, dismissed_at=self.morning)
        heirs = [person.number for person in present if person is not leaver]
        for deal in self.world.deals:
            state = deal.state_at(self.world.now)
            if state["owner"] == leaver.number and not state["is_deleted"] and self.random.random() < 0.5:
                insert_change(deal, Change(self.morning, "owner", self.random.choice(heirs), 1))

    def _edit_many(self) -> None:
        bulk_edit(self.world, self.random, self.morning, 0.25)

    def _set_rate(self) -> None:
        base = self.world.base_currency
        currency = self.random.choice([code for code in company.WORTH if code != base])
        rate = company.rate(self.random, currency, base)
        self.world.rates.append(Rate(currency, self.morning + timedelta(minutes=30), rate))

    # ---- its deals ----

    def _new_deal(self, at: datetime) -> None:
        number = len(self.world.deals) + 1
        random = Random(f"{self.world.seed}:deal:{number}")
        self.world.deals.append(live(self.world, number, at, self.evening, random))

    def _move(self, at: datetime) -> None:
        writer = self._writer(at, is_open=True)
        if writer is None:
            return
        stages = [stage.number for stage in writer.open_stages()]
        place = bisect_left(stages, writer.place[1])
        ways: tuple[Callable[[], None], ...] = (
            lambda: writer.move(stages[min(place + 1, len(stages) - 1)]),
            lambda: writer.move(self.random.choice(stages)),
            lambda: writer.move(WON_STAGE),
            writer.lose,
        )
        self.random.choices(ways, (5, 2, 2, 2))[0]()

    def _change_pipeline(self, at: datetime) -> None:
        writer = self._writer(at, is_open=True)
        if writer is None:
            return
        other = (writer.place[0] + self.random.randint(1, 2)) % len(self.world.pipelines)
        stages = writer.open_stages(self.world.pipelines[other])
        writer.move(self.random.choice(stages).number, other)

    def _edit(self, at: datetime) -> None:
        writer = self._writer(at, is_open=True)
        if writer is not None:
            writer.edit()

    def _edit_closed(self, at: datetime) -> None:
        writer = self._writer(at, is_open=False)
        if writer is None:
            return
        ways: tuple[Callable[[], None], ...] = (
            writer.edit,
            lambda: writer.move(writer.open_stages()[0].number),
            writer.lose,
        )
        self.random.choices(ways, (3, 1, 1))[0]()

    def _delete(self, at: datetime) -> None:
        writer = self._writer(at, is_open=self.random.random() < 0.5)
        if writer is not None:
            writer.delete()

    def _restore(self, at: datetime) -> None:
        writer = self._writer(at, is_open=None)
        if writer is not None:
            writer.restore()

    def _writer(self, at: datetime, *, is_open: bool | None) -> DealWriter | None:
        """A writer for some deal that is open, closed, or (None) deleted; None if there is no such deal."""
        for _ in range(200):
            deal = self.random.choice(self.world.deals)
            state = deal.state_at(self.evening)
            place = state["stage"]
            is_closed = isinstance(place, tuple) and place[1] >= WON_STAGE
            kind = None if state["is_deleted"] else not is_closed
            if kind is is_open and not deal.is_template and "merged_into" not in state:
                return self._writer_for(deal, at)
        return None

    def _writer_for(self, deal: Deal, at: datetime) -> DealWriter:
        latest = deal.modified_at(self.evening)
        return DealWriter(self.world, self.random, deal, max(at, latest), self.evening)
