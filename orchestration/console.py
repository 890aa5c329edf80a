"""What people read: standard output for answers, standard error for progress and errors."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extract.core.errors import DealhouseError

SUCCESS, FAILURE, USAGE = 0, 1, 2
_WITHOUT_END = 10_000  # a terminal in which no table breaks

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class UsageError(DealhouseError):
    """The command was asked for something it does not offer."""


def print_error(error: DealhouseError) -> int:
    """Say what went wrong, where and what to do next; the exit code that goes with it."""
    what, where, advice = (str(part or "") for part in (error.what, error.where, error.next_step))
    err.print(f"[bold red]Error:[/] {escape(what)}", soft_wrap=True)
    if where:
        err.print(f"[dim]Where:[/] {escape(where)}", soft_wrap=True)
    if advice:
        err.print(f"[bold]Next:[/]  {escape(advice)}", soft_wrap=True)
    return USAGE if isinstance(error, UsageError) else FAILURE


def plain_table(*headings: str, title: str | None = None) -> Table:
    """A table that fits narrow terminals; headings starting with `>` are of numbers."""
    table = Table(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="bold"
    )
    for heading in headings:
        is_number = heading.startswith(">")
        table.add_column(heading.removeprefix(">"), justify="right" if is_number else "left", overflow="fold")
    return table


def print_whole(table: Table) -> None:
    """Print a table as wide as its columns need: a number cut short would be a wrong number."""
    needed = sum((column.min_width or 0) + 2 for column in table.columns) - 2
    wanted = Console(width=_WITHOUT_END).measure(table).maximum
    if wanted > out.width and all(column.min_width for column in table.columns):
        # Else the widest column gives way first, and springs back to what it needs.
        for column in table.columns:
            column.max_width = column.min_width
    Console(highlight=False, width=max(out.width, needed)).print(table, crop=False)


def cells(*values: object) -> list[str]:
    """Values as cell texts in which nothing is taken for markup."""
    return [escape("" if value is None else str(value)) for value in values]
