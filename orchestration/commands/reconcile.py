"""`dealhouse reconcile`: the published deals beside those that the CRMs show now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from extract.core.settings import dealhouse_home, load_settings
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
from orchestration.reconciling import reads_deals, reconcile_connections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from quality.reconciliation import Reconciliation

NOTHING = "-"
LONG_TEXT = 24


def reconcile(names: Sequence[str], *, is_with_records: bool) -> int:
    """Compare the connections named, or all; 1 when time does not explain every difference."""
    connections = checked_connections(load_settings(), names)
    compared = [connection for connection in connections if reads_deals(connection)]
    if not compared:
        raise UsageError("None of these connections reads deals.", "connections.yml", "Add it to entities.")
    with watching("Reading the deals that the CRMs show") as watcher:
        reconciled = reconcile_connections(compared, Places(dealhouse_home().resolve()), watcher)
    for name, result in reconciled.results.items():
        _print(name, result, is_with_records=is_with_records)
    for error in reconciled.failures.values():
        print_error(error)
    return FAILURE if reconciled.has_defects or reconciled.failures else SUCCESS


def _print(name: str, result: Reconciliation, *, is_with_records: bool) -> None:
    out.print(f"[bold]{cells(name)[0]}[/]: {result}")
    if result.groups:
        print_whole(_groups(result))
    if result.differences and is_with_records:
        print_whole(_records(result))


def _groups(result: Reconciliation) -> Table:
    names = ("pipeline", "stage", "owner", "currency")
    table = plain_table(*names, ">here", ">in CRM", ">sum here", ">sum in CRM")
    for group in result.groups:
        place = [name or NOTHING for name in (group.pipeline, group.stage, group.owner, group.currency)]
        counts = [f"{group.held_count:,}", f"{group.shown_count:,}"]
        table.add_row(*cells(*place, *counts, f"{group.held_amount:,.2f}", f"{group.shown_amount:,.2f}"))
    return _with_room(table, 0, 1, 2)


def _records(result: Reconciliation) -> Table:
    table = plain_table("deal", "why", "title", "link")
    for deal in result.differences:
        table.add_row(*cells(deal.native_id, deal.explanation, deal.title, deal.record_url))
    return _with_room(table, 2)


def _with_room(table: Table, *may_break: int) -> Table:
    """Columns as wide as their longest value or heading; only texts at these positions break, and late."""
    for position, column in enumerate(table.columns):
        width = max(cell_len(str(cell)) for cell in (*column.cells, column.header))
        column.min_width = min(width, LONG_TEXT) if position in may_break else width
    return table
