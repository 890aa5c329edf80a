"""The kinds of lives that deals lead, each a short script for a `DealWriter`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from simulator.deal_writer import DealWriter
from simulator.model import LOST_STAGE, OTHER_LOST_STAGE, WON_STAGE, Deal, World

if TYPE_CHECKING:
    from random import Random

Life = Callable[[DealWriter], None]


def live(world: World, number: int, at: datetime, horizon: datetime, random: Random) -> Deal:
    """A deal born at `at`, with everything that happened to it until `horizon`."""
    deal = Deal(number=number, created_at=at, created_by=random.randint(1, 3))
    writer = DealWriter(world, random, deal, at, horizon)
    life = random.choices([life for life, _ in LIVES], [weight for _, weight in LIVES])[0]
    deal.is_template = random.random() < 0.015
    if deal.is_template:
        life = _stay
    _begin(writer, is_closed=life is _born_closed)
    life(writer)
    writer.settle()
    _edit_late_and_delete(writer)
    is_early = at < world.start + timedelta(days=60)
    deal.has_lost_history = is_early and random.random() < 0.3
    return deal


def _begin(writer: DealWriter, *, is_closed: bool) -> None:
    random = writer.random
    pipeline = random.choices((0, 1, 2), (60, 25, 15))[0]
    stages = writer.open_stages(writer.world.pipelines[pipeline])
    first = stages[0] if random.random() < 0.93 else random.choice(stages)
    stage = random.choice((WON_STAGE, WON_STAGE, LOST_STAGE)) if is_closed else first.number
    writer.begin(pipeline, stage)


def _pause(writer: DealWriter) -> None:
    writer.wait()
    while writer.random.random() < 0.35:
        writer.edit()
        writer.wait(0.01, 90)


def _walk(writer: DealWriter, steps: int | None = None) -> None:
    for _ in range(20 if steps is None else steps):
        numbers = [stage.number for stage in writer.open_stages()]
        place = numbers.index(writer.place[1]) if writer.place[1] in numbers else -1
        if place + 1 >= len(numbers):
            return
        _pause(writer)
        if numbers[place + 1] in {stage.number for stage in writer.open_stages()}:
            writer.move(numbers[place + 1])
    _pause(writer)


def _stay(writer: DealWriter) -> None:
    _pause(writer)


def _walk_a_little(writer: DealWriter) -> None:
    _walk(writer, writer.random.randint(1, 3))


def _win(writer: DealWriter) -> None:
    _walk(writer)
    _pause(writer)
    writer.move(WON_STAGE)


def _lose(writer: DealWriter) -> None:
    _walk(writer, writer.random.randint(0, 4))
    _pause(writer)
    writer.lose()


def _skip(writer: DealWriter) -> None:
    _walk(writer, writer.random.randint(0, 1))
    _pause(writer)
    writer.move(writer.random.choice(writer.open_stages()[-2:]).number)
    _pause(writer)
    writer.random.choice((writer.lose, lambda: writer.move(WON_STAGE), lambda: None))()


def _go_back(writer: DealWriter) -> None:
    _walk(writer, 3)
    writer.move(writer.random.choice(writer.open_stages()[:2]).number)
    _walk(writer, writer.random.randint(0, 3))
    writer.random.choice((writer.lose, lambda: writer.move(WON_STAGE), lambda: None))()


def _go_to_and_fro(writer: DealWriter) -> None:
    for _ in range(writer.random.randint(2, 4)):
        first, second, *_rest = writer.open_stages()
        _pause(writer)
        writer.move(second.number if writer.place[1] == first.number else first.number)


def _move_at_once(writer: DealWriter) -> None:
    _pause(writer)
    for stage in writer.open_stages()[1:4]:
        writer.move(stage.number)
    writer.wait(0.02, 0.1)
    first, second, *_rest = writer.open_stages()
    writer.move(first.number)
    writer.move(second.number)
    if writer.random.random() < 0.5:
        writer.move(WON_STAGE)


def _save_again(writer: DealWriter) -> None:
    _walk(writer, 2)
    writer.move(writer.place[1])
    _pause(writer)
    writer.random.choice((writer.lose, lambda: writer.move(writer.place[1])))()
    writer.wait()
    writer.move(writer.place[1])


def _reopen(writer: DealWriter) -> None:
    _lose(writer)
    writer.wait(24, 900)
    writer.move(writer.random.choice(writer.open_stages()).number)
    _walk(writer, writer.random.randint(0, 2))
    writer.random.choice((writer.lose, lambda: writer.move(WON_STAGE), lambda: None))()


def _correct(writer: DealWriter) -> None:
    _win(writer)
    writer.wait(0.1, 300)
    writer.lose()


def _win_back(writer: DealWriter) -> None:
    _lose(writer)
    writer.wait(1, 2000)
    writer.move(WON_STAGE)


def _switch_reason(writer: DealWriter) -> None:
    _lose(writer)
    writer.wait(0.1, 500)
    writer.move(OTHER_LOST_STAGE if writer.place[1] == LOST_STAGE else LOST_STAGE)


def _change_pipeline(writer: DealWriter) -> None:
    _walk(writer, writer.random.randint(0, 2))
    _pause(writer)
    other = (writer.place[0] + writer.random.randint(1, 2)) % 3
    stages = writer.open_stages(writer.world.pipelines[other])
    writer.move(writer.random.choice(stages).number, other)
    _walk(writer, writer.random.randint(0, 3))
    writer.random.choice((writer.lose, lambda: writer.move(WON_STAGE), lambda: None))()


def _change_pipeline_and_return(writer: DealWriter) -> None:
    home = writer.place[0]
    _walk(writer, 1)
    _pause(writer)
    other = (home + 1) % 3
    writer.move(writer.open_stages(writer.world.pipelines[other])[0].number, other)
    _walk(writer, 1)
    _pause(writer)
    writer.move(writer.open_stages(writer.world.pipelines[home])[1].number, home)
    writer.random.choice((writer.lose, lambda: None))()


def _close_in_another_pipeline(writer: DealWriter) -> None:
    _pause(writer)
    writer.move(writer.random.choice((WON_STAGE, LOST_STAGE)), (writer.place[0] + 1) % 3)


def _born_closed(writer: DealWriter) -> None:
    """Imported: closed from the start, mostly with a close date before its creation."""
    if writer.random.random() < 0.8:
        writer.record("closed_at", writer.at - timedelta(days=writer.random.randint(10, 400)))
    writer.wait(24, 2000)
    writer.edit()


def _edit_late_and_delete(writer: DealWriter) -> None:
    random = writer.random
    if random.random() < 0.12:
        writer.wait(200, 4000)
        writer.edit()
    if random.random() < 0.06:
        writer.wait(1, 400)
        writer.settle()
        writer.delete()
        if random.random() < 0.3:
            writer.wait(0.1, 700)
            writer.restore()


LIVES: tuple[tuple[Life, int], ...] = (
    (_win, 26),
    (_lose, 26),
    (_walk_a_little, 12),
    (_stay, 3),
    (_skip, 8),
    (_go_back, 7),
    (_go_to_and_fro, 3),
    (_move_at_once, 4),
    (_save_again, 4),
    (_reopen, 6),
    (_correct, 3),
    (_win_back, 2),
    (_switch_reason, 4),
    (_change_pipeline, 7),
    (_change_pipeline_and_return, 3),
    (_close_in_another_pipeline, 2),
    (_born_closed, 4),
)
