"""`dealhouse connect`: what each CRM lets us do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.core.cycle import chosen_entities
from extract.core.errors import DealhouseError
from extract.core.probe import Finding
from extract.core.settings import load_settings
from orchestration.commands.choices import checked_connections
from orchestration.console import FAILURE, SUCCESS, cells, out, plain_table
from orchestration.extraction import source_of
from orchestration.progress import watching

if TYPE_CHECKING:
    from extract.core.settings import Connection


def connect(name: str | None) -> int:
    """Probe the connection named, or all; 1 when something needed is missing."""
    code = SUCCESS
    for connection in checked_connections(load_settings(), [name] if name else []):
        with watching(f"Asking {connection.name}"):
            findings = _probe(connection)
        _print(connection, findings)
        if not all(finding.is_ok for finding in findings if finding.is_needed):
            code = FAILURE
    return code


def _probe(connection: Connection) -> list[Finding]:
    source = source_of(connection.crm)
    try:
        chosen_entities(connection, source, None)
        return source.probe(connection)
    except DealhouseError as error:
        return [Finding(name="connection", is_ok=False, detail=error.what, advice=error.next_step)]


def _print(connection: Connection, findings: list[Finding]) -> None:
    heading = f"{connection.name} ({connection.crm}, {connection.portal_url})"
    table = plain_table("", "what", "found", title=heading)
    for finding in findings:
        missing = "[bold red]no[/]" if finding.is_needed else "[yellow]note[/]"
        mark = "[green]ok[/]" if finding.is_ok else missing
        table.add_row(mark, *cells(finding.name, _told(finding)))
    out.print(table)
    out.print()


def _told(finding: Finding) -> str:
    if finding.is_ok or not finding.advice:
        return finding.detail
    return f"{finding.detail.rstrip('.')}. {finding.advice}"
