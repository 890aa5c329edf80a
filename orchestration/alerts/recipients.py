"""Who a route's news are for: owners by their addresses, everybody else by the route's channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import SecretStr

from orchestration.alerts import channels
from orchestration.alerts.mailboxes import IS_EMAIL, mailbox
from orchestration.alerts.problems import Problem
from orchestration.alerts.routes import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from orchestration.alerts.channels import Way
    from orchestration.alerts.published import Employee
    from orchestration.alerts.routes import Alerts, Route


@dataclass(frozen=True)
class Recipient:
    """One way to one person or group.

    Attributes:
        label: How the recipient is called.
        way: The channel.
        identity: The same as long as the recipient's address is, whatever secrets change in it.
        owner_keys: Whose issues are told; None for everybody's.
    """

    label: str
    way: Way
    identity: str
    owner_keys: frozenset[str] | None = None

    def is_told_of(self, owner_key: str | None) -> bool:
        """Whether issues of that owner are told."""
        return self.owner_keys is None or owner_key in self.owner_keys


def recipients_of(
    alerts: Alerts, route: Route, employees: Mapping[str, Employee], owner_keys: Iterable[str]
) -> tuple[list[Recipient], list[Problem]]:
    """Everybody a route is for, and what stands in the way.

    Args:
        alerts: The file.
        route: The route.
        employees: Every employee by key.
        owner_keys: Those who have issues; other owners are not looked for.
    """
    if route.to == "owner":
        return _owners(alerts, route, employees, owner_keys)
    keys: frozenset[str] | None = None
    problems = []
    if route.to == "manager" and route.department != ALL:
        keys = frozenset(
            key for key, employee in employees.items() if route.department in employee.departments
        )
        if not keys and employees:
            problems.append(Problem("no_department", f"{route.name}, {route.department}"))
    ways = _ways(alerts, route, route.emails)
    label = "" if route.department == ALL else route.department
    return [Recipient(label, way, way.identity, keys) for way in ways], problems


def _ways(alerts: Alerts, route: Route, emails: Iterable[str]) -> list[Way]:
    """The route's channels, those with a place for an e-mail address once for each of them."""
    found = []
    for channel in route.channel:
        filled = tuple(emails) if alerts.takes_email(channel) else ("",)
        for email in filled:
            found += channels.ways_of(channel, alerts.channels[channel], mailbox(email) or "")
    return list({way.identity: way for way in found}.values())


def _owners(
    alerts: Alerts, route: Route, employees: Mapping[str, Employee], owner_keys: Iterable[str]
) -> tuple[list[Recipient], list[Problem]]:
    found: dict[str, Recipient] = {}
    problems = []
    for key in sorted(set(owner_keys)):
        employee = employees.get(key)
        name = employee.employee_name if employee else key
        told = route.owners.get(key, route.owners.get(name))
        if told is None and employee is not None and not employee.is_active:
            continue  # has left; deal_owner_inactive tells the manager
        ways = _ways_to_owner(alerts, route, key, told, employee)
        if not ways and told != ():
            # An address that is there, but leads nowhere, is the reason.
            reason = (employee.email or "") if employee and told is None else ""
            problems.append(Problem("no_address", f"{route.name}, {name}", reason))
        for identity, way in ways:
            known = found.get(identity)
            keys = (known.owner_keys or frozenset()) if known else frozenset()
            found[identity] = Recipient(known.label if known else name, way, identity, keys | {key})
    return list(found.values()), problems


def _ways_to_owner(
    alerts: Alerts, route: Route, key: str, told: tuple[SecretStr, ...] | None, employee: Employee | None
) -> list[tuple[str, Way]]:
    """Each way with its identity: one for a person in two CRMs, one each for people who share a chat."""
    addresses = [address.get_secret_value() for address in told or ()]
    emails = [address for address in addresses if IS_EMAIL.fullmatch(address)]
    urls = [address for address in addresses if not IS_EMAIL.fullmatch(address)]
    found = [
        (f"{way.identity}/{key}", way)
        for url in urls
        for way in channels.ways_of(f"{route.name}_owners", SecretStr(url))
    ]
    if urls or told == ():
        shared: tuple[str, ...] = ()
    else:
        shared = tuple(channel for channel in route.channel if not alerts.takes_email(channel))
    if told is None and employee is not None and employee.email:
        emails = [employee.email]
    for channel in route.channel:
        if channel in shared:
            found += [
                (f"{way.identity}/{key}", way) for way in channels.ways_of(channel, alerts.channels[channel])
            ]
        elif alerts.takes_email(channel):
            for email in filter(None, (mailbox(email.lower()) for email in emails)):
                ways = channels.ways_of(channel, alerts.channels[channel], email)
                found += [(way.identity, way) for way in ways]
    return found
