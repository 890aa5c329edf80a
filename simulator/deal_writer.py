"""Writes the life of one deal, change by change, along a clock of its own."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from simulator import names
from simulator.company import UNLISTED_CURRENCY, WORTH
from simulator.model import (
    LOST_STAGE,
    OTHER_LOST_STAGE,
    WON_STAGE,
    Change,
    CustomField,
    Deal,
    Employee,
    FieldType,
    FieldValue,
    Pipeline,
    Stage,
    World,
)

if TYPE_CHECKING:
    from random import Random

ODD_AMOUNTS = (
    None,
    Decimal(0),
    Decimal("0.01"),
    Decimal("0.5"),
    Decimal("25000000.00"),
    Decimal(1000000),
)


class DealWriter:
    """Holds a deal at a moment; what would happen after `horizon` has not happened yet and is left out."""

    def __init__(self, world: World, random: Random, deal: Deal, at: datetime, horizon: datetime) -> None:
        self.world = world
        self.random = random
        self.deal = deal
        self.at = at
        self.horizon = horizon
        self.by = deal.created_by
        self.state: dict[str, FieldValue | tuple[int, int]] = deal.state_at(horizon)

    def record(self, name: str, value: FieldValue | tuple[int, int]) -> None:
        """Set a field now, unless now is after the horizon."""
        if self.at <= self.horizon:
            self.deal.changes.append(Change(self.at, name, value, self.by))
            self.state[name] = value

    @property
    def place(self) -> tuple[int, int]:
        """The pipeline and stage it is in."""
        return cast("tuple[int, int]", self.state["stage"])

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline it is in."""
        return self.world.pipelines[self.place[0]]

    def open_stages(self, pipeline: Pipeline | None = None) -> list[Stage]:
        """The open stages that exist now, in order."""
        stages = (pipeline or self.pipeline).stages
        existing = [
            stage
            for stage in stages
            if stage.number < WON_STAGE and stage.created_at <= self.at and not _is_deleted(stage, self.at)
        ]
        return sorted(existing, key=lambda stage: stage.sort)

    def employed(self) -> list[Employee]:
        """The people who work here now."""
        return [
            person
            for person in self.world.employees
            if person.hired_at <= self.at and (person.dismissed_at is None or person.dismissed_at > self.at)
        ]

    # ---- time ----

    def wait(self, low_hours: float = 2, high_hours: float = 240) -> None:
        """Let time pass, mostly to a working hour; a stage that is deleted meanwhile is left before."""
        later = self.at + timedelta(
            seconds=self.random.randint(int(low_hours * 3600), int(high_hours * 3600))
        )
        if low_hours >= 2 and self.random.random() < 0.8:
            later = max(later.replace(hour=self.random.randint(6, 16)), self.at + timedelta(seconds=61))
        self._leave_retired_stage(later)
        self.at = max(later, self.at)

    def settle(self) -> None:
        """Leave a stage that was deleted before the horizon."""
        self._leave_retired_stage(self.horizon)

    def _leave_retired_stage(self, until: datetime) -> None:
        number = self.place[1]
        retired_at = next(stage.deleted_at for stage in self.pipeline.stages if stage.number == number)
        if retired_at is None or retired_at > min(until, self.horizon) or self.at > self.horizon:
            return
        self.at = max(self.at, retired_at - timedelta(hours=1))
        others = [stage for stage in self.open_stages() if stage.number != number]
        self.move(self.random.choice(others).number)

    # ---- what happens to a deal ----

    def begin(self, pipeline: int, stage: int) -> None:
        """Give every field its first value."""
        random = self.random
        opened_by = random.choice(self.employed())
        self.by = opened_by.number
        self.record("title", self._title())
        self.record("stage", (pipeline, stage))
        self.record("amount", self._amount())
        self.record("currency", self._currency())
        self.record("owner", None if random.random() < 0.01 else random.choice(self.employed()).number)
        self.record("expected_close_date", self._planned_date() if random.random() < 0.8 else None)
        self.record("closed_at", None)
        self.record("probability", random.choice((None, None, Decimal(10), Decimal(50), Decimal(100))))
        self.record("is_deleted", value=False)
        for field in self.world.custom_fields:
            has_value = random.random() < 0.6
            self.record(f"custom:{field.number}", self._custom_value(field) if has_value else None)

    def move(self, stage: int, pipeline: int | None = None) -> None:
        """Put it into a stage; closing sets the close date (mostly), opening clears it."""
        random = self.random
        before = self.place
        place = (before[0] if pipeline is None else pipeline, stage)
        self.by = random.choice(self.employed()).number
        self.record("stage", place)
        if stage >= WON_STAGE and place != before:
            self._close()
        elif stage < WON_STAGE <= before[1]:
            self.record("closed_at", None)
        if random.random() < 0.15:
            self.record("probability", Decimal(random.randint(0, 20) * 5))

    def _close(self) -> None:
        chance = self.random.random()
        if chance < 0.1:
            return
        closed_at = self.at
        if chance < 0.2:
            closed_at -= timedelta(days=self.random.randint(1, 20))
        elif chance < 0.23:
            closed_at += timedelta(days=self.random.randint(2, 30))
        self.record("closed_at", closed_at)

    def edit(self) -> None:
        """One ordinary edit."""
        self.by = self.random.choice(self.employed()).number
        edits = (
            self._hand_over,
            self._reprice,
            self._push,
            self._fill_custom,
            self._fill_custom,
            self._rename,
        )
        self.random.choices(edits, (2, 4, 3, 2, 2, 1))[0]()

    def delete(self) -> None:
        """Put it into the recycle bin."""
        self.record("is_deleted", value=True)

    def restore(self) -> None:
        """Take it out of the recycle bin."""
        self.record("is_deleted", value=False)

    def lose(self) -> None:
        """Put it into one of the lost stages."""
        self.move(self.random.choice((LOST_STAGE, LOST_STAGE, OTHER_LOST_STAGE)))

    def _hand_over(self) -> None:
        self.record("owner", self.random.choice(self.employed()).number)

    def _reprice(self) -> None:
        self.record("amount", self._amount())
        if self.random.random() < 0.05:
            self.record("currency", self._currency())

    def _push(self) -> None:
        self.record("expected_close_date", self._planned_date())

    def _rename(self) -> None:
        self.record("title", self._title())

    def _fill_custom(self) -> None:
        field = self.random.choice(self.world.custom_fields)
        value = None if self.random.random() < 0.2 else self._custom_value(field)
        self.record(f"custom:{field.number}", value)

    # ---- values ----

    def _title(self) -> str:
        if self.random.random() < 0.06:
            return self.random.choice(names.ODD_TITLES)
        goods, client = self.random.choice(names.GOODS), self.random.choice(names.CLIENTS)
        return f"{goods}, {client} #{self.deal.number}"

    def _amount(self) -> Decimal | None:
        if self.random.random() < 0.14:
            return self.random.choice(ODD_AMOUNTS)
        return Decimal(int(10 ** self.random.uniform(3.5, 8.2))) / 100

    def _currency(self) -> str | None:
        chance = self.random.random()
        if chance < 0.02:
            return None
        if chance < 0.03:
            return UNLISTED_CURRENCY
        return self.world.base_currency if chance < 0.7 else self.random.choice(tuple(WORTH))

    def _planned_date(self) -> FieldValue:
        day = self.at.astimezone(ZoneInfo(self.world.timezone)).date()
        return day + timedelta(days=self.random.randint(-5, 90))

    def _custom_value(self, field: CustomField) -> FieldValue:
        random = self.random
        if field.type is FieldType.ENUMERATION:
            codes = [code for code, _ in field.options]
            if field.is_multiple:
                return tuple(sorted(random.sample(codes, random.randint(1, len(codes)))))
            return random.choice(codes)
        day = self.at.date() + timedelta(days=random.randint(-400, 400))
        moment = datetime.combine(day, time(random.randint(0, 23), random.choice((0, 15, 59)), tzinfo=UTC))
        plain: dict[FieldType, FieldValue] = {
            FieldType.TEXT: random.choice(names.TEXTS),
            FieldType.NUMBER: Decimal(random.randint(-500, 99_999)) / random.choice((1, 10, 100)),
            FieldType.DATE: day,
            FieldType.DATETIME: moment,
            FieldType.BOOLEAN: random.random() < 0.5,
        }
        return plain[field.type]


def _is_deleted(stage: Stage, at: datetime) -> bool:
    return stage.deleted_at is not None and stage.deleted_at <= at
