"""`dealhouse`: the command line. Every command's module is imported only when that command runs."""

import importlib.metadata
import os
import sys
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from extract.core.errors import DealhouseError
from extract.core.files import PRIVATE_UMASK
from orchestration.commands.alert_options import alerts_app
from orchestration.commands.issue_options import issues_app
from orchestration.console import FAILURE, err, out, print_error
from orchestration.mishaps import explained
from orchestration.reports.format_names import Format

INTERRUPTED = 130

app = typer.Typer(
    name="dealhouse",
    help="An open CRM analytics warehouse: reads your CRMs, builds tested reports, serves them to BI tools.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
app.add_typer(issues_app, name="issues")
app.add_typer(alerts_app, name="alerts")
Connections = Annotated[
    list[str] | None, typer.Option("--connection", "-c", metavar="NAME", help="Only this one; repeatable.")
]


def main() -> None:
    """Run the command that the arguments name: exit code 0, 1 for a failure, 2 for wrong usage."""
    os.umask(PRIVATE_UMASK)
    try:
        app()
    except SystemExit as leaving:
        if leaving.code == INTERRUPTED:  # what typer makes of Ctrl-C
            err.print("Stopped. Nothing half-done is published; the next run goes on from here.")
        raise
    except DealhouseError as error:
        sys.exit(print_error(error))
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(FAILURE)
    except Exception as error:  # noqa: BLE001  what nobody foresaw is told in three lines, too
        sys.exit(print_error(explained(error)))


def _module(name: str) -> Any:
    return import_module(f"orchestration.commands.{name}")


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(f"dealhouse {importlib.metadata.version('dealhouse')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """An open CRM analytics warehouse: reads your CRMs, builds tested reports, serves them to BI tools."""


@app.command()
def demo(
    home: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="Where its data goes; DEALHOUSE_HOME or ./data/demo by default."),
    ] = None,
) -> None:
    """Start three simulated CRMs on this machine, run the whole flow, print reports.

    Run it again and the simulated companies have worked on for some days: only what is new is read and built.
    """
    raise typer.Exit(_module("demo").demo(home))


@app.command()
def run(
    connection: Connections = None,
    full_refresh: Annotated[
        bool, typer.Option("--full-refresh", help="Read what is new, build everything anew.")
    ] = False,
) -> None:
    """One cycle: extract, build, check, publish.

    Only what is new is read and built. When a check fails, the last good version stays published.
    """
    raise typer.Exit(_module("run").run(connection or [], is_full_refresh=full_refresh))


@app.command()
def extract(
    connection: Connections = None,
    entity: Annotated[
        list[str] | None, typer.Option("--entity", "-e", metavar="NAME", help="Only this one; repeatable.")
    ] = None,
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="Read what changed since that day."),
    ] = None,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Read the CRM again from the beginning.")
    ] = False,
) -> None:
    """Land records in the lake and do nothing else; the next run builds them."""
    begin = since.date() if since else None
    raise typer.Exit(
        _module("extract").extract(connection or [], entity or [], begin, is_from_scratch=from_scratch)
    )


@app.command()
def connect(
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="Only this connection.")] = None,
) -> None:
    """Try out every connection: token, rights per entity, mapped fields, quota, clock, date filters.

    Nothing is landed. The exit code is 1 when something needed is missing.
    """
    raise typer.Exit(_module("connect").connect(name))


@app.command()
def report(  # noqa: PLR0913, PLR0917  one parameter per option
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="The report, for example rpt_deal_funnel.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="FIELD,..", help="Group by dimensions, columns, custom fields.")
    ] = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="CONDITION", help="Only such rows: \"amount_converted > 1000 and status = 'won'\"."
        ),
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], metavar="DATE", help="rpt_stage_distribution at the end of that day."
        ),
    ] = None,
    records: Annotated[
        bool, typer.Option("--records", help="List the records behind the numbers, with links.")
    ] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="How to write the answer; xlsx writes a workbook.")
    ] = Format.TABLE,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write it there, in the format of its name."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=10**12, metavar="N", help="At most this many rows.")
    ] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the reports.")] = False,
) -> None:
    """Any report of the published version, by any field, custom ones by code or label.

    Periods of a date are fields too: closed_month for closed_date, created_week, created_year.

    --where "reporting_period between '2026-03-01' and '2026-03-31'" keeps deals
    and leads that were created, changed, closed or active then, or are open.
    """
    module = _module("report")
    if list_:
        raise typer.Exit(module.print_list())
    day = as_of.date() if as_of else None
    raise typer.Exit(
        module.print_report(name, by, where, day, limit, is_records=records, form=format_, output=output)
    )


@app.command()
def reconcile(
    connection: Connections = None,
    records: Annotated[
        bool,
        typer.Option("--records", help="List the deals and leads that differ, with the reason and a link."),
    ] = False,
) -> None:
    """Count and sum deals and leads, here and in the CRM now.

    By pipeline, stage and owner. A record that differs has one reason: created,
    changed or deleted since the data's time; merged; unread or differs, which
    time does not explain. Then the exit code is 1.
    """
    raise typer.Exit(_module("reconcile").reconcile(connection or [], is_with_records=records))


@app.command()
def up(
    port: Annotated[
        int, typer.Option("--port", "-p", min=1, max=65535, metavar="N", help="Where the UI listens.")
    ] = 3000,
    host: Annotated[
        str, typer.Option(metavar="ADDRESS", help="On which address. The UI asks nobody for a password.")
    ] = "127.0.0.1",
) -> None:
    """Serve Dagster's UI and run on schedule until stopped: hourly cycles, a thorough one by night.

    Runs wait for each other. A run that fails or a source that grows stale is told to the operators' route.
    """
    raise typer.Exit(_module("up").up(host, port))


@app.command()
def status() -> None:
    """How fresh everything is: connections, build, publication, issues, alerts, sizes."""
    raise typer.Exit(_module("status").status())


@app.command()
def compact() -> None:
    """Rewrite closed days of the lake into few files, remove what piles up beside it.

    Every version of every record is kept; nothing is built anew. `up` does it every night.
    """
    raise typer.Exit(_module("compact").compact())


@app.command()
def forget(
    records: Annotated[
        list[str],
        typer.Argument(
            metavar="RECORD...", help="Keys of contacts and leads: moscow:contact:17.", show_default=False
        ),
    ],
) -> None:
    """Erase a person everywhere under the data home, then search every file as proof.

    Reaches the lake, warehouse, issues, published versions, pages, logs and alerts. It cannot be undone. The
    record is not landed again; delete it in the CRM too. The exit code is 1 when anything is left.
    """
    raise typer.Exit(_module("forget").forget(records))


if __name__ == "__main__":
    main()
