"""From what was landed to what waits for each recipient: every transition is looked at once per route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.alerts.outbox import Item
from orchestration.alerts.recipients import recipients_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from orchestration.alerts.outbox import Outbox
    from orchestration.alerts.problems import Problem
    from orchestration.alerts.published import OpenIssues, Published, Transition
    from orchestration.alerts.recipients import Recipient
    from orchestration.alerts.routes import Alerts, Route

START = Item("start", "start")


@dataclass(frozen=True)
class Collected:
    """A route, whom it reaches, and what stands in its way."""

    route: Route
    recipients: list[Recipient]
    problems: list[Problem]


def collect(alerts: Alerts, route: Route, outbox: Outbox, version: Published) -> Collected:
    """Let what is news on a route wait for its recipients.

    A route that is used for the first time tells nothing one by one: each recipient gets a summary of what is
    open, as does whoever is reached for the first time later.
    """
    looked_at = outbox.considered(route.name)
    moments = {connection: moment for connection, (moment, _) in looked_at.items()}
    landed = version.transitions(moments, is_first_look=not looked_at)
    fresh = [one for one in landed if one.news_key not in looked_at.get(one.connection, ("", set()))[1]]
    counted = [one for one in version.open_issues if _passes(route, one)]
    owners = {one.owner_key for one in counted}
    owners |= {key for one in fresh for key in (one.owner_key, one.previous_owner_key)}
    owners |= {issue.owner_key for issue in version.issues(outbox.waiting_subjects(route.name)).values()}
    recipients, problems = recipients_of(alerts, route, version.employees, {key for key in owners if key})
    with outbox.all_or_nothing():
        for recipient in recipients:
            items = _items(route, recipient, fresh, counted) if looked_at else []
            is_met_first = not outbox.is_known(route.name, recipient.identity)
            if is_met_first and (items or any(recipient.is_told_of(one.owner_key) for one in counted)):
                items = [START, *items]
            if items:
                outbox.add(route.name, recipient.identity, items)
        _consider(outbox, route, landed)
    return Collected(route, recipients, problems)


def _items(
    route: Route, recipient: Recipient, fresh: Iterable[Transition], counted: Sequence[OpenIssues]
) -> list[Item]:
    found = []
    for one in fresh:
        if one.transition == "baseline":
            is_told = any(
                counts.is_baseline
                and (counts.rule_id, counts.connection) == (one.rule_id, one.connection)
                and recipient.is_told_of(counts.owner_key)
                for counts in counted
            )
            kind, subject = one.transition if is_told else None, one.rule_id
        else:
            kind, subject = _kind(recipient, one) if _passes(route, one) else None, one.issue_key or ""
        if kind:
            found.append(Item(one.news_key, kind, subject, one.connection))
    return found


def _kind(recipient: Recipient, one: Transition) -> str | None:
    """What a transition of an issue is for a recipient; None for nothing."""
    is_theirs = recipient.is_told_of(one.owner_key)
    if one.transition != "reassigned":
        return one.transition if is_theirs else None
    was_theirs = recipient.is_told_of(one.previous_owner_key)
    if is_theirs == was_theirs:
        return None
    return "came" if is_theirs else "left"


def _passes(route: Route, one: Transition | OpenIssues) -> bool:
    return route.lets_pass(one.severity, one.rule_id, one.connection)


def _consider(outbox: Outbox, route: Route, landed: Sequence[Transition]) -> None:
    for connection in {one.connection for one in landed}:
        mine = [one for one in landed if one.connection == connection]
        newest = max(one.transition_at for one in mine)
        keys = [one.news_key for one in mine if one.transition_at == newest]
        outbox.consider(route.name, connection, newest.isoformat(), keys)
