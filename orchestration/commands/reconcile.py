"""`dealhouse reconcile`: published deals and leads beside those that the CRMs show now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from extract.core.settings import dealhouse_home, load_settings
from orchestration.censuses import wanted_censuses
from orchestration.commands.choices import checked_connections
from orchestration.console import (
    FAILURE,
    SUCCESS,
    UsageError,
    cells,
    out,
    plain_table,
    print_error,
    print_whole,
)
from orchestration.places import Places
from orchestration.progress import watching
from orchestration.reconciling import reconcile_connections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from quality.reconciliation import Reconciliation

NOTHING = "-"
LONG_TEXT = 24


def reconcile(names: Sequence[str], *, is_with_records: bool) -> int:
    """Compare the connections named, or all; 1 when time does not explain every difference."""
    connections = checked_connections(load_settings(), names)
    compared = [connection for connection in connections if wanted_censuses(connection)]
    if not compared:
        what = "None of these connections reads deals or leads."
        raise UsageError(what, "connections.yml", "Add them to entities.")
    with watching("Reading the deals and leads that the CRMs show") as watcher:
        reconciled = reconcile_connections(compared, Places(dealhouse_home().resolve()), watcher)
    for subject, result in reconciled.results.items():
        _print(subject.connection, result, is_with_records=is_with_records)
    for subject, refusal in reconciled.refused.items():
        reason = cells(f"{subject.entity} not compared. {refusal}")[0]
        out.print(f"[bold]{cells(subject.connection)[0]}[/]: {reason}", soft_wrap=True)
    for error in reconciled.failures:
        print_error(error)
    return FAILURE if reconciled.has_defects or reconciled.failures else SUCCESS


def _print(name: str, result: Reconciliation, *, is_with_records: bool) -> None:
    out.print(f"[bold]{cells(name)[0]}[/]: {result}", soft_wrap=True)
    tables = [_groups(result)] if result.groups else []
    tables += [_records(result)] if result.differences and is_with_records else []
    for table in tables:
        print_whole(table)
        out.print()


def _groups(result: Reconciliation) -> Table:
    headings = ["pipeline", "stage", "owner", ">here", ">in CRM"]
    if result.scope.has_amounts:
        headings += ["currency", ">sum here", ">sum in CRM"]
    table = plain_table(*headings)
    for group in result.groups:
        row = [name or NOTHING for name in (group.pipeline, group.stage, group.owner)]
        row += [f"{group.held_count:,}", f"{group.shown_count:,}"]
        if result.scope.has_amounts:
            sums = f"{group.held_amount:,.2f}", f"{group.shown_amount:,.2f}"
            row += [group.currency or NOTHING, *sums]
        table.add_row(*cells(*row))
    return _with_room(table, 0, 1, 2)


def _records(result: Reconciliation) -> Table:
    table = plain_table(result.scope.record_type, "why", "title", "link")
    for record in result.differences:
        table.add_row(*cells(record.native_id, record.explanation, record.title, record.record_url))
    return _with_room(table, 2)


def _with_room(table: Table, *may_break: int) -> Table:
    """Columns as wide as their longest value or heading; only texts at these positions break, and late."""
    for position, column in enumerate(table.columns):
        width = max(cell_len(str(cell)) for cell in (*column.cells, column.header))
        column.min_width = min(width, LONG_TEXT) if position in may_break else width
    return table
