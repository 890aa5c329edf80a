"""`dealhouse alerts` and what is below it, as the command line names them."""

from importlib import import_module
from typing import Annotated, Any

import typer

alerts_app = typer.Typer(
    help="Who is told what by alerts.yml: look at it, try it.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


@alerts_app.command()
def preview() -> None:
    """Print what the end of a run would send now, quiet hours or not. Nothing is sent or noted."""
    raise typer.Exit(_module().preview())


@alerts_app.command("test")
def try_out(
    route: Annotated[str | None, typer.Argument(metavar="ROUTE", help="Only this one.")] = None,
    owner: Annotated[
        str | None, typer.Option(metavar="NAME", help="On routes to owners: who gets it, by name or key.")
    ] = None,
) -> None:
    """Send a test message to everybody on a route, or on all of them; owners only if named.

    The exit code is 1 when one did not get through.
    """
    raise typer.Exit(_module().try_out(route, owner))


def _module() -> Any:
    return import_module("orchestration.commands.alerts")
