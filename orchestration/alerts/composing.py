"""From waiting news to messages: what belongs into one, in the words of its route."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from orchestration.alerts.digests import Digest, digest_of
from orchestration.alerts.outbox import ISSUE_KINDS
from orchestration.alerts.published import reporting_of
from orchestration.alerts.rendering import Letterhead, render, render_test, shortened
from orchestration.alerts.words import Words
from quality.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestration.alerts.messages import Message
    from orchestration.alerts.outbox import Item
    from orchestration.alerts.published import Issue, OpenIssues, Published
    from orchestration.alerts.recipients import Recipient
    from orchestration.alerts.routes import Alerts, Route
    from orchestration.places import Places
    from quality.rules import Rule

_SINGLE = ISSUE_KINDS | {"problem", "solved"}


@dataclass(frozen=True)
class Planned:
    """What one message would tell."""

    items: tuple[Item, ...]
    digest: Digest


class Desk:
    """Where messages are written, from one published version."""

    def __init__(self, places: Places, alerts: Alerts, version: Published | None) -> None:
        self._alerts, self._version = alerts, version
        self._currency, self.zone = reporting_of(places)

    def plan(self, route: Route, recipient: Recipient, items: Sequence[Item]) -> list[Planned]:
        """The messages for what waits: one, or on a route at once one each, as far as `max_rows` goes.

        News of muted issues are in none: they wait until they may be heard.
        """
        issues = self._issues(items)
        heard = [
            item for item in items if item.subject not in issues or issues[item.subject].status != "muted"
        ]
        parts = [heard] if route.mode == "digest" else _apart(heard, route.max_rows)
        return [Planned(tuple(part), self._digest(route, recipient, part, route.max_rows)) for part in parts]

    def write(self, route: Route, recipient: Recipient, planned: Planned, message_id: str) -> Message:
        """The message, no longer than its channel takes."""
        head, room = self._head(route, recipient.label), recipient.way.room
        message = render(planned.digest, head, message_id)
        rows = route.max_rows
        while room is not None and len(message.text) > room and rows > 1:
            rows //= 2
            message = render(self._digest(route, recipient, planned.items, rows), head, message_id)
        return message if room is None else shortened(message, room)

    def write_test(self, route: Route, recipient: Recipient, message_id: str) -> Message:
        """A message that says nothing but that it came."""
        return render_test(self._head(route, recipient.label), message_id)

    def _digest(self, route: Route, recipient: Recipient, items: Sequence[Item], max_rows: int) -> Digest:
        found = self._issues(items)
        return digest_of(
            items,
            {key: issue for key, issue in found.items() if recipient.is_told_of(issue.owner_key)},
            [one for one in self._open_issues if _is_for(route, recipient, one)],
            max_rows=max_rows,
            show_values=route.show_values,
        )

    def _issues(self, items: Sequence[Item]) -> dict[str, Issue]:
        keys = {item.subject for item in items if item.kind in ISSUE_KINDS}
        return self._version.issues(keys) if self._version and keys else {}

    def _head(self, route: Route, label: str) -> Letterhead:
        language = self._alerts.language_of(route)
        titles = {rule.id: rule.title.ru if language == "ru" else rule.title.en for rule in self._rules}
        moment = self._version.data_as_of() if self._version else None
        return Letterhead(route.name, label, Words(language, self._currency, self.zone), titles, moment)

    @cached_property
    def _open_issues(self) -> list[OpenIssues]:
        return self._version.open_issues if self._version else []

    @cached_property
    def _rules(self) -> Sequence[Rule]:
        return load_rules().rules


def _is_for(route: Route, recipient: Recipient, one: OpenIssues) -> bool:
    return route.lets_pass(one.severity, one.rule_id, one.connection) and recipient.is_told_of(one.owner_key)


def _apart(items: Sequence[Item], most: int) -> list[list[Item]]:
    """What is told of one issue or problem together, and everything that is left as the last."""
    single: dict[tuple[str, str], list[Item]] = {}
    rest = []
    for item in items:
        key = (item.subject, item.connection)
        if item.kind in _SINGLE and (key in single or len(single) < most):
            single.setdefault(key, []).append(item)
        else:
            rest.append(item)
    return [*single.values(), *([rest] if rest else [])]
