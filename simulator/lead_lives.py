"""The kinds of lives that leads lead, each a short script for a `LeadWriter`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from simulator.changing import employed
from simulator.lead_writer import CONVERTED, JUNK, LeadWriter
from simulator.model import OTHER_LOST_STAGE, Lead, World

Life = Callable[[LeadWriter], None]
LOST = (JUNK, JUNK, OTHER_LOST_STAGE)


def live(world: World, number: int, at: datetime, horizon: datetime) -> Lead:
    """A lead born at `at`, with everything that happened to it until `horizon`."""
    writer = _writer(world, number, at, horizon)
    random = writer.random
    life = random.choices([life for life, _ in LIVES], [weight for _, weight in LIVES])[0]
    writer.begin(1 if random.random() < 0.94 else random.choice((2, 3)))
    life(writer)
    if random.random() < 0.06:
        writer.wait(1, 900)
        writer.delete()
        if random.random() < 0.4:
            writer.wait(0.1, 400)
            writer.restore()
    return writer.lead


def live_until_converted(world: World, number: int, at: datetime, converted_at: datetime) -> Lead:
    """A lead born at `at` that is converted at `converted_at`, a deal's birth."""
    writer = _writer(world, number, at, converted_at - timedelta(seconds=1))
    random = writer.random
    writer.begin()
    path = [stage for stage in (2, 3, 4) if random.random() < 0.75]
    if random.random() < 0.12:
        path += [random.choice(LOST), random.choice((2, 3))]
    if random.random() < 0.1:
        path += [2, 3]
    span = int((converted_at - at).total_seconds()) - 1
    moments = sorted(random.randint(1, max(span, 1)) for _ in path)
    for moment, stage in zip(moments, path, strict=True):
        writer.at = at + timedelta(seconds=moment)
        writer.move(stage)
    writer.at = writer.horizon = converted_at
    writer.move(CONVERTED)
    return writer.lead


def _writer(world: World, number: int, at: datetime, horizon: datetime) -> LeadWriter:
    random = Random(f"{world.seed}:lead:{number}")
    lead = Lead(number, at, random.choice(employed(world, at)))
    return LeadWriter(world, random, lead, at, horizon)


def _walk(writer: LeadWriter, stages: tuple[int, ...]) -> None:
    for stage in stages:
        writer.wait()
        if writer.random.random() < 0.2:
            writer.edit()
            writer.wait(0.01, 30)
        writer.move(stage)
    writer.wait()


def _stay(writer: LeadWriter) -> None:
    writer.wait()


def _walk_a_little(writer: LeadWriter) -> None:
    _walk(writer, (2, 3, 4)[: writer.random.randint(1, 3)])


def _convert(writer: LeadWriter) -> None:
    """Converted into a contact only: no deal comes of it."""
    _walk(writer, (2, 3, 4)[writer.random.randint(0, 1) :])
    writer.move(CONVERTED)


def _lose(writer: LeadWriter) -> None:
    _walk(writer, (2, 3, 4)[: writer.random.randint(0, 3)])
    writer.move(writer.random.choice(LOST))


def _lose_at_once(writer: LeadWriter) -> None:
    writer.wait(0.01, 3)
    writer.move(JUNK)


def _skip(writer: LeadWriter) -> None:
    _walk(writer, (4,))
    writer.random.choice((lambda: writer.move(JUNK), lambda: None))()


def _go_back(writer: LeadWriter) -> None:
    _walk(writer, (2, 3, writer.random.choice((1, 2)), 3))
    writer.random.choice((lambda: writer.move(OTHER_LOST_STAGE), lambda: None))()


def _reopen(writer: LeadWriter) -> None:
    _lose(writer)
    writer.wait(24, 900)
    writer.move(writer.random.choice((1, 2, 3)))
    _walk(writer, ())


def _lose_again(writer: LeadWriter) -> None:
    _reopen(writer)
    writer.wait(2, 300)
    writer.move(writer.random.choice(LOST))


def _switch_reason(writer: LeadWriter) -> None:
    _lose(writer)
    writer.wait(1, 300)
    writer.move(OTHER_LOST_STAGE if writer.stage == JUNK else JUNK)


def _save_again(writer: LeadWriter) -> None:
    _walk(writer, (2, 3))
    writer.move(3)
    _lose(writer)
    writer.wait(1, 50)
    writer.move(writer.stage)


def _move_at_once(writer: LeadWriter) -> None:
    writer.wait()
    for stage in (2, 3, 4):
        writer.move(stage)


LIVES: tuple[tuple[Life, int], ...] = (
    (_stay, 6),
    (_walk_a_little, 18),
    (_convert, 8),
    (_lose, 28),
    (_lose_at_once, 10),
    (_skip, 6),
    (_go_back, 7),
    (_reopen, 5),
    (_lose_again, 4),
    (_switch_reason, 3),
    (_save_again, 4),
    (_move_at_once, 3),
)
