"""The end of a run: what it met becomes news for operators, everything new is sent, the terminal is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.core import locks
from extract.core.errors import DealhouseError
from extract.core.lake import Lake
from orchestration.alerts.channels import Result
from orchestration.alerts.problems import INCOMPLETE, RUN_KINDS, STALE, Problem
from orchestration.alerts.sending import Sending, send_news
from orchestration.audit import AuditError
from orchestration.console import cells, err, out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestration.audit import Finding
    from orchestration.cycle import Cycle
    from orchestration.places import Places

EXAMPLES = 3


def alert_after(cycle: Cycle, error: DealhouseError | None) -> None:
    """Send what a run left to tell; a run that only met another one tells nothing.

    Args:
        cycle: The run.
        error: What it ended with, if it failed.
    """
    if isinstance(error, locks.LockedError):
        return
    try:
        tell(send_run(cycle.places, cycle.findings, error))
    except DealhouseError as trouble:
        # Alerts never decide how a run ends.
        err.print(f"[yellow]No alerts:[/] {cells(trouble)[0]}", soft_wrap=True)


def send_run(places: Places, findings: Sequence[Finding], error: DealhouseError | None) -> Sending:
    """Send what is news after a run that ended well or with that error."""
    found = [*_of_run(error), *_of_sources(places), *_stale(findings)]
    # A run that broke off may not have come to the check of freshness.
    checked = RUN_KINDS | {INCOMPLETE} | (frozenset() if error else {STALE})
    return send_news(places, found, checked)


def tell(sending: Sending) -> None:
    """On the terminal: what was sent, what waits and why."""
    sent = len(sending.of(Result.SENT))
    if sent:
        out.print(f"Alerts: {sent} sent.")
    if sending.held:
        out.print(f"Alerts: {sending.held} wait for the end of quiet hours.")
    for message in sending.of(Result.FAILED):
        whom = ", ".join(part for part in (message.route, message.label) if part)
        told = f"{whom}, through {message.channel}: {message.outcome.reason} The next run tries again."
        err.print(f"[yellow]Alert not sent:[/] {cells(told)[0]}", soft_wrap=True)
    if sending.resting:
        err.print(f"[yellow]Alerts not tried:[/] {sending.resting}, as their channel refuses others.")
    for message in sending.of(Result.UNKNOWN):
        told = f"{message.route}, through {message.channel}: {message.outcome.reason}"
        err.print(f"[yellow]Alert may not have arrived:[/] {cells(told)[0]}", soft_wrap=True)
    for lost in sending.lost:
        told = f"{lost.route} {lost.label}".strip() + ": the last run was killed while it was sent."
        err.print(f"[yellow]Alert may not have arrived:[/] {cells(told)[0]}", soft_wrap=True)


def _of_run(error: DealhouseError | None) -> list[Problem]:
    if error is None:
        return []
    kind = "publication_refused" if isinstance(error, AuditError) else "run_failed"
    return [Problem(kind, str(error.where or ""), str(error.what))]


def _of_sources(places: Places) -> list[Problem]:
    """Connections of which something could not be read the last time, as far as it is required."""
    newest = {(row["connection"], row["entity"]): row for row in Lake(places.home).extraction_runs()}
    active = {name for name, row in Lake(places.home).landed_connections().items() if row["is_active"]}
    errors: dict[str, list[str]] = {}
    for (connection, entity), row in sorted(newest.items()):
        if connection in active and not row["is_complete"] and row.get("is_required") is not False:
            errors.setdefault(connection, []).append(f"{entity}: {row['error'] or 'incomplete'}")
    return [
        Problem(INCOMPLETE, connection, "\n".join([*texts[:EXAMPLES], *_rest(texts)]))
        for connection, texts in errors.items()
    ]


def _rest(texts: Sequence[str]) -> list[str]:
    return [f"+ {len(texts) - EXAMPLES}"] if len(texts) > EXAMPLES else []


def _stale(findings: Sequence[Finding]) -> list[Problem]:
    late = [finding for finding in findings if finding.name == "freshness" and not finding.passed]
    connections = {str(row["connection"]) for finding in late for row in finding.rows if "connection" in row}
    return [Problem(STALE, connection) for connection in sorted(connections)]
