"""`dealhouse issues` and what is below it, as the command line names them."""

from datetime import datetime
from enum import StrEnum
from importlib import import_module
from typing import Annotated, Any

import typer


class IssueFormat(StrEnum):
    """How issues are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


class Status(StrEnum):
    """What may become of an issue."""

    NEW = "new"
    OPEN = "open"
    REOPENED = "reopened"
    MUTED = "muted"
    RESOLVED = "resolved"


class Severity(StrEnum):
    """How bad a rule is."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


Key = Annotated[str, typer.Argument(metavar="KEY", help="The issue, as the list names it.")]

issues_app = typer.Typer(
    help="Records that break a rule of data quality: list, explain, mute.",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


@issues_app.callback()
def issues(  # noqa: PLR0913, PLR0917  one parameter per option
    context: typer.Context,
    rule: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Only of this rule; repeatable.")
    ] = None,
    owner: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only of this owner, by name or key; repeatable."),
    ] = None,
    connection: Annotated[
        list[str] | None,
        typer.Option("--connection", "-c", metavar="NAME", help="Only this one; repeatable."),
    ] = None,
    status: Annotated[
        list[Status] | None,
        typer.Option(
            metavar="STATUS", help="new, open, reopened, muted, resolved; the first three by default."
        ),
    ] = None,
    severity: Annotated[
        list[Severity] | None, typer.Option(metavar="SEVERITY", help="error, warning, info; repeatable.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="At most this many rows.")] = None,
    format_: Annotated[IssueFormat, typer.Option("--format", help="How to write them.")] = IssueFormat.TABLE,
) -> None:
    """Records that break a rule of data quality: how many per rule, then which.

    The last published version answers. CSV and JSON hold every row and column.
    """
    if context.invoked_subcommand is not None:
        return
    module = _module()
    filters = module.Filters(
        rules=tuple(rule or ()),
        owners=tuple(owner or ()),
        connections=tuple(connection or ()),
        statuses=tuple(item.value for item in status or ()),
        severities=tuple(item.value for item in severity or ()),
    )
    raise typer.Exit(module.print_issues(filters, limit, format_.value))


@issues_app.command()
def explain(key: Key) -> None:
    """One issue with its rule: what is wrong, why it matters, how to mend it."""
    raise typer.Exit(_module().explain(key))


@issues_app.command()
def mute(
    key: Key,
    until: Annotated[
        datetime,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="The day from which it is heard again."),
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why, for whoever wonders.")],
) -> None:
    """Hear nothing of an issue until a day; the next run takes it up."""
    raise typer.Exit(_module().mute(key, until.date(), reason))


@issues_app.command()
def unmute(key: Key) -> None:
    """Hear of an issue again; the next run takes it up."""
    raise typer.Exit(_module().unmute(key))


def _module() -> Any:
    return import_module("orchestration.commands.issues")
