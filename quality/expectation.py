"""An expectation as SQL: the rows it looks at, and which of them are unexpected."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Expectation:
    """`unexpected` is a condition over the rows of `query`; `name` is said in results as it stands."""

    name: str
    severity: str
    query: str
    unexpected: str
    description: str


def text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def array(texts: list[str]) -> str:
    """Texts as an SQL list."""
    return f"[{', '.join(text(item) for item in texts)}]::varchar[]"


def values(rows: list[tuple[str, ...]], columns: tuple[str, ...]) -> str:
    """Rows of SQL expressions as a subquery; typed and empty when there are none."""
    names = ", ".join(columns)
    if not rows:
        return (
            f"(select {', '.join(f'null as {column}' for column in columns)} where false) as given({names})"
        )
    return f"(values {', '.join('(' + ', '.join(row) + ')' for row in rows)}) as given({names})"
