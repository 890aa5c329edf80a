"""One look at everything: what is news is claimed, sent and noted; what cannot be sent waits."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import duckdb

from extract.core import locks
from extract.core.errors import DealhouseError
from orchestration.alerts import channels, collecting, outbox, problems, published
from orchestration.alerts.channels import Outcome, Result, checked_alerts
from orchestration.alerts.collecting import Collected
from orchestration.alerts.composing import Desk
from orchestration.alerts.outbox import Lost
from orchestration.alerts.problems import Problem
from orchestration.alerts.quiet import is_quiet
from orchestration.alerts.recipients import recipients_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from orchestration.alerts.channels import Way
    from orchestration.alerts.composing import Planned
    from orchestration.alerts.messages import Message
    from orchestration.alerts.outbox import Item, Outbox
    from orchestration.alerts.published import Published
    from orchestration.alerts.recipients import Recipient
    from orchestration.alerts.routes import Alerts, Route
    from orchestration.places import Places

LOCK = "alerts"
FOLDER = "alerts"
# After so many refusals in a row a channel rests until the next run, so that no run waits for a dead one.
# What is refused for one recipient's sake does not count.
REFUSALS_UNTIL_REST = 2


class AlertsError(DealhouseError):
    """What keeps alerts from being sent at all."""


@dataclass(frozen=True)
class Sent:
    """One message and what became of it."""

    route: str
    label: str
    channel: str
    message: Message
    outcome: Outcome
    is_quiet: bool = False


@dataclass
class Sending:
    """What one look did.

    Attributes:
        messages: What was sent or tried.
        held: How many recipients wait for the end of quiet hours.
        resting: How many wait because their channel refused others.
        lost: What a killed process was sending.
        problems: What keeps news from somebody.
    """

    messages: list[Sent] = field(default_factory=list)
    held: int = 0
    resting: int = 0
    lost: list[Lost] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def of(self, result: Result) -> list[Sent]:
        """The messages with that result."""
        return [sent for sent in self.messages if sent.outcome.result is result]


def send_news(
    places: Places,
    found: Sequence[Problem] = (),
    checked: Collection[str] = (),
    *,
    alerts: Alerts | None = None,
    now: datetime | None = None,
) -> Sending:
    """Send what is news, once; call it as often as you like, whatever happened before.

    Args:
        places: The home.
        found: What is wrong, for operators.
        checked: The kinds of problems that were looked at: what is not wrong any more is solved.
        alerts: What alerts.yml says; read when not given.
        now: The moment, for quiet hours.
    """
    alerts = alerts or checked_alerts()
    if alerts is None:
        return Sending()
    moment = now or datetime.now(UTC)
    try:
        with (
            _troubles_told(places),
            locks.hold(places.locks, [LOCK]),
            outbox.opened(places.home / FOLDER) as box,
            published.opened(places) as version,
        ):
            return _Look(places, alerts, box, version, moment).send(found, checked)
    except locks.LockedError:
        return Sending()  # who holds the lock sends, and the next look finds the rest


@contextmanager
def _troubles_told(places: Places) -> Iterator[None]:
    """A broken outbox or version as an error for people."""
    try:
        yield
    except (sqlite3.Error, duckdb.Error, OSError) as error:
        where = str(places.home / FOLDER)
        raise AlertsError(f"nothing can be sent: {error}", where, "The next run tries again.") from error


def preview_news(places: Places, alerts: Alerts, now: datetime) -> Sending:
    """What `send_news` would send, quiet hours or not; nothing is noted."""
    with outbox.opened(places.home / FOLDER) as box, published.opened(places) as version:
        look = _Look(places, alerts, box.copy(), version, now)
        look.transmit = lambda _way, _message: Outcome(Result.SENT)
        look.heeds_quiet_hours = False
        return look.send((), ())


class _Look:
    """One look, under the lock."""

    def __init__(
        self, places: Places, alerts: Alerts, box: Outbox, version: Published | None, now: datetime
    ) -> None:
        self._alerts, self._box, self._version, self._now = alerts, box, version, now
        self._desk = Desk(places, alerts, version)
        self._refusals: dict[str, int] = {}
        self._channels: dict[str, Problem | None] = {}
        self._sending = Sending()
        self.transmit: Callable[[Way, Message], Outcome] = channels.send
        self.heeds_quiet_hours = True

    def send(self, found: Sequence[Problem], checked: Collection[str]) -> Sending:
        """Everything in its order: operators last, who are told what failed on the way."""
        with self._box.all_or_nothing():
            self._sending.lost = self._box.abandoned()
            self._let_operators_wait(problems.lost_items(self._sending.lost))
            self._note(found, lambda kind, _: kind in checked)
        if self._version is not None:
            self._send_news_of(self._version)
        self._note_channels()
        for collected in self._operators:
            self._deliver(collected)
        self._note_channels()  # whether operators were reached themselves: told by the next look
        return self._sending

    @cached_property
    def _operators(self) -> list[Collected]:
        routes = [route for route in self._alerts.routes if route.is_of_operators]
        return [Collected(route, *recipients_of(self._alerts, route, {}, ())) for route in routes]

    def _send_news_of(self, version: Published) -> None:
        routes = [route for route in self._alerts.routes if not route.is_of_operators]
        collected = [collecting.collect(self._alerts, route, self._box, version) for route in routes]
        self._sending.problems = [problem for one in collected for problem in one.problems]
        with self._box.all_or_nothing():
            self._note(self._sending.problems, lambda kind, _: kind in problems.ADDRESS_KINDS)
        for one in collected:
            self._deliver(one)

    def _deliver(self, collected: Collected) -> None:
        route = collected.route
        is_held = is_quiet(route.quiet_hours, self._now, self._desk.zone)
        for recipient in collected.recipients:
            items = self._box.waiting(route.name, recipient.identity)
            if items and is_held and self.heeds_quiet_hours:
                self._sending.held += 1
                continue
            for planned in self._desk.plan(route, recipient, items):
                self._deliver_one(route, recipient, planned, is_held=is_held)

    def _deliver_one(self, route: Route, recipient: Recipient, planned: Planned, *, is_held: bool) -> None:
        way = recipient.way
        if planned.digest.is_empty:
            self._box.forget(route.name, recipient.identity, planned.items)
            return
        if self._refusals.get(way.address, 0) >= REFUSALS_UNTIL_REST:
            self._sending.resting += 1
            return
        claim = self._box.claim(route.name, recipient.identity, recipient.label, planned.items)
        if claim is None:
            return
        message = self._desk.write(route, recipient, planned, claim.delivery_id)
        outcome = self.transmit(way, message)
        self._box.finish(claim, route.name, recipient.identity, outcome.result)
        self._sending.messages.append(
            Sent(route.name, recipient.label, way.channel, message, outcome, is_held)
        )
        self._learn(recipient, outcome)
        if outcome.result is Result.UNKNOWN:
            lost = Lost(claim.delivery_id, route.name, recipient.label, len(claim.items))
            with self._box.all_or_nothing():
                self._let_operators_wait(problems.lost_items([lost]))

    def _learn(self, recipient: Recipient, outcome: Outcome) -> None:
        """What an outcome says about its channel."""
        channel = recipient.way.channel
        subject = f"{channel}, {recipient.label}" if recipient.label else channel
        is_refused = outcome.result is Result.FAILED
        is_channel_refused = is_refused and not outcome.is_about_one
        address = recipient.way.address
        self._refusals[address] = self._refusals.get(address, 0) + 1 if is_channel_refused else 0
        problem = Problem(problems.CHANNEL_KIND, subject, outcome.reason)
        self._channels[subject] = problem if is_refused else None

    def _note_channels(self) -> None:
        refusing = [problem for problem in self._channels.values() if problem]
        with self._box.all_or_nothing():
            self._note(refusing, lambda kind, what: kind == problems.CHANNEL_KIND and what in self._channels)

    def _note(self, found: Collection[Problem], is_checked: Callable[[str, str], bool]) -> None:
        moment = self._now.isoformat(timespec="microseconds")
        self._let_operators_wait(problems.changes(self._box, found, is_checked, moment))

    def _let_operators_wait(self, items: Sequence[Item]) -> None:
        """Add to what waits for operators; who is met for the first time learns what is wrong already."""
        moment = self._now.isoformat(timespec="microseconds")
        for collected in self._operators:
            for recipient in collected.recipients:
                route, identity = collected.route.name, recipient.identity
                is_known = self._box.is_known(route, identity)
                known = [] if is_known else problems.open_items(self._box, moment)
                self._box.add(route, identity, [*known, *items])
