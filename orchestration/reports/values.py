"""Literals of a filter as values of the type of the column they are compared with."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from sqlglot import expressions as sql

from orchestration.console import UsageError
from orchestration.reports.fields import CustomField, Field

if TYPE_CHECKING:
    from collections.abc import Callable

_NUMBERS = (
    "TINYINT",
    "SMALLINT",
    "INTEGER",
    "BIGINT",
    "HUGEINT",
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "UBIGINT",
    "UINTEGER",
)
_CUSTOM_KINDS = {
    "number": "number",
    "integer": "number",
    "double": "number",
    "decimal": "number",
    "float": "number",
    "money": "number",
    "date": "date",
    "datetime": "moment",
    "boolean": "boolean",
}
# Where the bridge keeps a value of each kind beside its text.
CUSTOM_COLUMNS = {
    "number": "value_number",
    "date": "value_date",
    "moment": "value_at",
    "boolean": "value_boolean",
}
_TRUE_AND_FALSE = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def kind_of(field: Field) -> str:
    """What a field holds: text, number, date, moment or boolean."""
    if isinstance(field, CustomField):
        return _CUSTOM_KINDS.get(field.type.lower(), "text")
    if field.type.startswith(_NUMBERS):
        return "number"
    return {"DATE": "date", "BOOLEAN": "boolean"}.get(
        field.type, "moment" if "TIMESTAMP" in field.type else "text"
    )


def value_of(node: sql.Expr, field: Field) -> object:
    """A literal as a value to bind beside `field`."""
    text = literal_text(node)
    kind = kind_of(field)
    try:
        return _READERS[kind](text)
    except (ValueError, KeyError, InvalidOperation) as error:
        raise UsageError(
            f"{field.name} holds {_EXAMPLES[kind][0]}, not {text!r}.",
            "--where",
            f"Write it like {_EXAMPLES[kind][1]}.",
        ) from error


def literal_text(node: sql.Expr) -> str:
    """The text of a literal: a string, number, boolean, negative number, or date '...'."""
    match node:
        case sql.Literal():
            return str(node.this)
        case sql.Boolean():
            return "true" if node.this else "false"
        case sql.Neg() if isinstance(node.this, sql.Literal) and not node.this.is_string:
            return f"-{node.this.this}"
        case sql.Cast() if isinstance(node.this, sql.Literal) and node.to.sql() in {"DATE", "TIMESTAMP"}:
            return str(node.this.this)
    raise UsageError(
        f"{node.key.upper()} cannot stand where a value is expected.",
        "--where",
        "Values are 'text', numbers, true, false and dates like '2026-01-31'.",
    )


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _text(text: str) -> str:
    return text


_READERS: dict[str, Callable[[str], object]] = {
    "text": _text,
    "number": _number,
    "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
    "boolean": lambda text: _TRUE_AND_FALSE[text.lower()],
}
_EXAMPLES = {
    "text": ("text", "'text'"),
    "number": ("numbers", "1500.50"),
    "date": ("dates", "'2026-01-31'"),
    "moment": ("times in UTC", "'2026-01-31 12:00'"),
    "boolean": ("true or false", "true"),
}
