"""`dealhouse status`: how fresh everything is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core.lake import Lake
from extract.core.settings import dealhouse_home
from orchestration import locks
from orchestration.console import SUCCESS, cells, out, plain_table
from orchestration.inputs import data_as_of
from orchestration.places import Places
from orchestration.publication_records import read_from
from orchestration.versions import current_version

if TYPE_CHECKING:
    from datetime import datetime


def status() -> int:
    """Freshness, last runs, rows, requests per connection, and the published version."""

    places = Places(dealhouse_home().resolve())
    lake = Lake(places.home)
    rows = lake.extraction_runs()
    if not rows:
        out.print(
            f"Nothing was extracted yet in {places.home}.\nRun `dealhouse run`, or try `dealhouse demo`."
        )
        return SUCCESS
    _print_connections(places, rows, lake.landed_connections())
    _print_problems(rows)
    _print_publication(places)
    _print_locks(places)
    return SUCCESS


def _print_connections(places: Places, rows: list[dict[str, Any]], known: dict[str, dict[str, Any]]) -> None:

    moments = data_as_of(places)
    table = plain_table(
        "connection",
        "crm",
        "complete up to (UTC)",
        "last read (UTC)",
        ">rows",
        ">requests",
        ">quota",
        ">seconds",
    )
    for name in dict.fromkeys([*known, *(row["connection"] for row in rows)]):
        runs = [row for row in rows if row["connection"] == name]
        last = [row for row in runs if row["run_id"] == runs[-1]["run_id"]] if runs else []
        table.add_row(
            *cells(name, (known.get(name) or last[-1])["crm"], _moment(moments.get(name))), *_last_run(last)
        )
    out.print(table)


def _last_run(rows: list[dict[str, Any]]) -> list[str]:

    if not rows:
        return cells("never", "", "", "", "")
    shares = [row["quota_share"] for row in rows if row["quota_share"] is not None]
    begun, ended = min(row["started_at"] for row in rows), max(row["completed_at"] for row in rows)
    return cells(
        _moment(begun),
        f"{sum(row['rows'] for row in rows):,}",
        f"{sum(row['requests'] for row in rows):,}",
        f"{max(shares):.0%}" if shares else "",
        f"{(ended - begun).total_seconds():.1f}",
    )


def _print_problems(rows: list[dict[str, Any]]) -> None:
    newest = {(row["connection"], row["entity"]): row for row in rows}
    for (connection, entity), row in sorted(newest.items()):
        if not row["is_complete"]:
            reason = row["error"] or "no reason given"
            word = "[yellow]Not offered:[/]" if row.get("is_required") is False else "[red]Incomplete:[/]"
            out.print(f"{word} {cells(f'{connection}, {entity}: {reason}')[0]}")


def _print_publication(places: Places) -> None:

    current = current_version(places)
    if current is None:
        out.print("\nNothing is published yet.")
        return
    last = read_from(places.served_database)[-1]
    out.print(f"\nPublished: version {last.run_id}, {_moment(last.published_at)} UTC", soft_wrap=True)
    out.print(f"Database:  {places.served_database}\nParquet:   {places.served_parquet}", soft_wrap=True)


def _print_locks(places: Places) -> None:

    for name in sorted(file.stem for file in places.locks.glob("*.lock")):
        holder = locks.holder_now(places.locks, name)
        if holder:
            out.print(f"Running now on {name}: {cells(holder)[0]}", soft_wrap=True)


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
