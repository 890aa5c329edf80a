"""`dealhouse alerts`: what would be sent, and whether it arrives."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extract.core.settings import alerts_path, dealhouse_home
from orchestration.alerts import channels, published
from orchestration.alerts.channels import Result, checked_alerts
from orchestration.alerts.composing import Desk
from orchestration.alerts.recipients import recipients_of
from orchestration.alerts.sending import preview_news
from orchestration.alerts.words_en import TEXTS
from orchestration.console import FAILURE, SUCCESS, UsageError, cells, err, out
from orchestration.places import Places

if TYPE_CHECKING:
    from orchestration.alerts.published import Employee
    from orchestration.alerts.recipients import Recipient
    from orchestration.alerts.routes import Alerts, Route


def preview() -> int:
    """Print what the end of a run would send now; the exit code."""
    places, alerts = Places(dealhouse_home().resolve()), _alerts()
    sending = preview_news(places, alerts, datetime.now(UTC))
    for sent in sending.messages:
        whom = ", ".join(part for part in (sent.route, sent.label) if part)
        wait = " [yellow](waits for the end of quiet hours)[/]" if sent.is_quiet else ""
        out.print(f"[bold]{cells(whom)[0]}[/], through {sent.channel}{wait}", soft_wrap=True)
        out.print(f"[bold]{cells(sent.message.title)[0]}[/]", soft_wrap=True)
        out.print(sent.message.text, markup=False, soft_wrap=True)
    for problem in sending.problems:
        err.print(f"[yellow]{TEXTS[problem.kind]}:[/] {cells(problem.subject)[0]}", soft_wrap=True)
    if not sending.messages:
        out.print("Nothing is new: nothing would be sent.")
    return SUCCESS


def try_out(route_name: str | None, owner: str | None) -> int:
    """Send a test message on a route, or on all of them; the exit code."""
    places, alerts = Places(dealhouse_home().resolve()), _alerts()
    routes = [alerts.route(route_name)] if route_name else list(alerts.routes)
    with published.opened(places) as version:
        desk = Desk(places, alerts, version)
        employees = version.employees if version else {}
        results = [_test(desk, alerts, route, employees, owner) for route in routes]
    return SUCCESS if all(results) else FAILURE


def _test(
    desk: Desk, alerts: Alerts, route: Route, employees: dict[str, Employee], owner: str | None
) -> bool:
    names = {key for key, employee in employees.items() if owner in {key, employee.employee_name}}
    if route.to == "owner" and not owner:
        out.print(f"{route.name}: name the owner who gets the test, with --owner NAME.")
        return True
    keys = (names or {owner or ""}) if route.to == "owner" else set()
    recipients, problems = recipients_of(alerts, route, employees, keys)
    for problem in problems:
        err.print(f"[red]{TEXTS[problem.kind]}:[/] {cells(problem.subject)[0]}", soft_wrap=True)
    results = [_send(desk, route, recipient) for recipient in recipients]
    return all(results) and not problems


def _send(desk: Desk, route: Route, recipient: Recipient) -> bool:
    message = desk.write_test(route, recipient, uuid.uuid4().hex[:24])
    outcome = channels.send(recipient.way, message)
    whom = ", ".join(part for part in (route.name, recipient.label) if part)
    if outcome.result is Result.SENT:
        out.print(f"{cells(whom)[0]}: sent through {recipient.way.channel}.", soft_wrap=True)
        return True
    told = f"{whom}, through {recipient.way.channel}: {outcome.reason}"
    err.print(f"[red]Not sent:[/] {cells(told)[0]}", soft_wrap=True)
    return False


def _alerts() -> Alerts:
    alerts = checked_alerts()
    if alerts is None:
        raise UsageError(
            "There are no alerts.",
            str(alerts_path()),
            "Copy alerts.example.yml to alerts.yml and fill it in.",
        )
    return alerts
