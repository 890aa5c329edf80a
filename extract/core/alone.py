"""A source as a command of its own: `python -m extract.sources.<crm>`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003  typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from extract.core import locks
from extract.core.cycle import EntityRun, extract_connection
from extract.core.errors import DealhouseError
from extract.core.files import PRIVATE_UMASK, private_folder
from extract.core.lake import Lake
from extract.core.settings import dealhouse_home, load_settings

if TYPE_CHECKING:
    from extract.core.source import Source

FAILURE, USAGE = 1, 2


def command_of(source: Source) -> typer.Typer:
    """The command line of one source."""
    app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)

    @app.command(help=f"Land the records of the {source.crm} connections in the lake; nothing else.")
    def extract(  # noqa: PLR0913
        connection: Annotated[list[str] | None, typer.Option(help="Only this one; repeatable.")] = None,
        entity: Annotated[list[str] | None, typer.Option(help="Only this one; repeatable.")] = None,
        since: Annotated[
            datetime | None, typer.Option(help="Changes since this day.", formats=["%Y-%m-%d"])
        ] = None,
        *,
        from_scratch: Annotated[bool, typer.Option("--from-scratch", help="Read everything again.")] = False,
        settings: Annotated[Path | None, typer.Option(help="Another connections.yml.")] = None,
        home: Annotated[Path | None, typer.Option(help="Another data home.")] = None,
    ) -> None:
        os.umask(PRIVATE_UMASK)
        console, complaints = Console(), Console(stderr=True)
        try:
            loaded = load_settings(settings)
            chosen = [loaded.connection(name) for name in connection or []] or loaded.connections
            mine = [one for one in chosen if one.crm == source.crm]
            place = private_folder(home or dealhouse_home())
            with locks.hold(place / locks.FOLDER, [one.name for one in mine]):
                Lake(place).land_settings(loaded)
                runs = [
                    run
                    for one in mine
                    for run in extract_connection(
                        one,
                        source,
                        place,
                        entities=entity or None,
                        since=since.replace(tzinfo=UTC).date() if since else None,
                        from_scratch=from_scratch,
                    )
                ]
        except DealhouseError as error:
            complaints.print(str(error), style="red", markup=False)
            raise typer.Exit(FAILURE) from None
        console.print(_table(runs))
        for run in runs:
            if run.error:
                complaints.print(run.error, style="red", markup=False)
        raise typer.Exit(
            0 if runs and all(run.is_complete or not run.is_required for run in runs) else FAILURE
        )

    return app


def _table(runs: list[EntityRun]) -> Table:
    table = Table("connection", "entity", "rows", "requests", "quota used", "seconds", "complete")
    for run in runs:
        share = "" if run.quota_share is None else f"{run.quota_share:.0%}"
        seconds = (run.completed_at - run.started_at).total_seconds()
        numbers = (str(run.rows), str(run.requests), share, f"{seconds:.1f}")
        table.add_row(run.connection, run.entity, *numbers, "yes" if run.is_complete else "no")
    return table
