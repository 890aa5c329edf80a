"""`dealhouse status`: how fresh everything is, and what waits for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.core import locks
from extract.core.lake import Lake
from extract.core.settings import dealhouse_home
from orchestration.commands import status_facts as facts
from orchestration.console import SUCCESS, cells, out, plain_table
from orchestration.forgetting.note import note_file
from orchestration.inputs import data_as_of
from orchestration.lake_care.sizes import readable
from orchestration.places import Places

if TYPE_CHECKING:
    from datetime import datetime


def status() -> int:
    """Freshness and last runs per connection, then build, publication, issues, alerts, sizes and locks."""
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
    _print_facts(places)
    return SUCCESS


def _print_connections(places: Places, rows: list[dict[str, Any]], known: dict[str, dict[str, Any]]) -> None:
    moments = data_as_of(places)
    table = plain_table(
        "connection", "crm", "complete to (UTC)", "last read (UTC)", ">rows", ">requests", ">quota"
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
        return cells("never", "", "", "")
    shares = [row["quota_share"] for row in rows if row["quota_share"] is not None]
    return cells(
        _moment(min(row["started_at"] for row in rows)),
        f"{sum(row['rows'] for row in rows):,}",
        f"{sum(row['requests'] for row in rows):,}",
        f"{max(shares):.0%}" if shares else "",
    )


def _print_problems(rows: list[dict[str, Any]]) -> None:
    newest = {(row["connection"], row["entity"]): row for row in rows}
    for (connection, entity), row in sorted(newest.items()):
        if not row["is_complete"]:
            reason = row["error"] or "no reason given"
            word = "[yellow]Not offered:[/]" if row.get("is_required") is False else "[red]Incomplete:[/]"
            out.print(f"{word} {cells(f'{connection}, {entity}: {reason}')[0]}", soft_wrap=True)


def _print_facts(places: Places) -> None:
    lines = [
        ("Build", facts.last_build(places)),
        ("Published", facts.last_publication(places)),
        ("Issues", facts.issues(places)),
        ("Alerts", facts.alerts(places)),
        ("Disk", _sizes(places)),
        ("Running", _running(places)),
    ]
    out.print()
    for name, text in lines:
        if text:
            _print_line(name, text)
    if places.served_database.exists():
        out.print(f"Database:    {places.served_database}", soft_wrap=True)
        out.print(f"Parquet:     {places.served_parquet}", soft_wrap=True)
    if note_file(places).exists():
        out.print(
            "[bold red]Unfinished:[/] an erasure was cut short. Repeat the `dealhouse forget` that began it.",
            soft_wrap=True,
        )


def _print_line(name: str, text: str) -> None:
    grid = plain_table("", "")
    grid.show_header = False
    grid.columns[0].width = 11
    grid.add_row(*cells(f"{name}:", text))
    out.print(grid)


def _sizes(places: Places) -> str:
    parts = facts.sizes(places)
    named = ", ".join(f"{name} {readable(size)}" for name, size in parts.items())
    return f"{readable(sum(parts.values()))} ({named}); {readable(facts.free_space(places))} free"


def _running(places: Places) -> str:
    held = [
        f"{name} by {holder}"
        for name in sorted(file.stem for file in places.locks.glob("*.lock"))
        if (holder := locks.holder_now(places.locks, name))
    ]
    return "; ".join(held) or "nothing"


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
