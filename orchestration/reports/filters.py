"""`--where`: parsed, checked node by node against a short list, written anew with every value bound."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlglot
from sqlglot import expressions as sql
from sqlglot.errors import SqlglotError

from orchestration.console import UsageError
from orchestration.reports.fields import CustomField, FactField, Field, Fields, PeriodField, ReportingPeriod
from orchestration.reports.statement import CUSTOM_VALUES, RECORD_DAYS, Statement
from orchestration.reports.values import CUSTOM_COLUMNS, kind_of, literal_text, value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

ALLOWED = (
    "Allowed: FIELD = <> > >= < <= VALUE, FIELD in (...), FIELD between A and B,"
    " FIELD like '...', FIELD is null, joined by and, or, not and brackets. Texts stand in 'single quotes',"
    ' fields with spaces in "double quotes".'
)
_COMPARISONS: dict[type[sql.Expr], str] = {
    sql.EQ: "=",
    sql.NEQ: "<>",
    sql.GT: ">",
    sql.GTE: ">=",
    sql.LT: "<",
    sql.LTE: "<=",
    sql.Like: "like",
    sql.ILike: "ilike",
}
_MIRRORED = {"=": "=", "<>": "<>", ">": "<", ">=": "<=", "<": ">", "<=": ">="}
_DEPTH = 40
# What a node may carry: anything more would be missing in the SQL that is written, and change what it says.
_PARTS = {"this", "expression", "expressions", "low", "high"}


def parse_filter(text: str) -> sql.Expr:
    """The one condition in `text`, not yet checked."""
    try:
        trees = sqlglot.parse(text, dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        raise _refused("This is not a condition.") from error
    if len(trees) != 1 or trees[0] is None:
        raise _refused("Give one condition.")
    return trees[0]


class Filter:
    """A condition over the fields of one report."""

    def __init__(self, text: str | sql.Expr, fields: Fields) -> None:
        self._tree = parse_filter(text) if isinstance(text, str) else text
        self._fields = fields

    def write(self, statement: Statement) -> str:
        """The condition as SQL of our own writing; its values become parameters of `statement`."""
        return _Writer(self._fields, statement).condition(self._tree, 0)

    def fields(self) -> set[Field]:
        """Every field that the condition names."""
        return {self._fields.resolve(_column_name(node)) for node in self._tree.find_all(sql.Column)}

    def fixed(self) -> set[Field]:
        """Fields that the condition holds to one value."""
        return {self._fields.resolve(name) for name in _fixed_names(self._tree)}

    def only_about(self, column: str, report: str) -> Filter | None:
        """What the condition says of one date alone; refused where it mixes the date with something else."""
        about = []
        for part in _conjuncts(self._tree):
            named = [self._fields.resolve(_column_name(node)) for node in part.find_all(sql.Column)]
            told = {isinstance(field, FactField | PeriodField) and field.column == column for field in named}
            if told == {True, False}:
                raise UsageError(
                    f"{column} stands beside other fields in one condition: on which day is not clear.",
                    report,
                    f"Join what is said of {column} to the rest by and.",
                )
            about += [part] if told == {True} else []
        return Filter(sql.and_(*about), self._fields) if about else None


class _Writer:
    def __init__(self, fields: Fields, statement: Statement) -> None:
        self._fields = fields
        self._statement = statement

    def condition(self, node: sql.Expr, depth: int) -> str:
        if depth > _DEPTH:
            raise _refused("This condition is nested too deeply.")
        match node:
            case sql.Paren():
                return self.condition(node.this, depth + 1)
            case sql.Not():
                return f"(not {self.condition(node.this, depth + 1)})"
            case sql.And() | sql.Or():
                word = "and" if isinstance(node, sql.And) else "or"
                return (
                    f"({self.condition(node.left, depth + 1)} {word} {self.condition(node.right, depth + 1)})"
                )
            case sql.Column():
                return self._flag(self._field(node))
        return self._comparison(node)

    def _comparison(self, node: sql.Expr) -> str:
        if node.args.get("negate"):  # how the parser says `not like`
            positive = node.copy()
            positive.set("negate", None)
            return f"(not {self._comparison(positive)})"
        if any(value for name, value in node.args.items() if name not in _PARTS):
            raise _refused(f"{node.key.upper()} is not allowed in this form.")
        match node:
            case sql.Is():
                return self._is(self._field(node.this), node.expression)
            case sql.In() if node.expressions:
                return self._in(self._field(node.this), node.expressions)
            case sql.Between():
                return self._between(self._field(node.this), node.args["low"], node.args["high"])
        if type(node) in _COMPARISONS:
            return self._compare(node.this, _COMPARISONS[type(node)], node.expression)
        raise _refused(f"{node.key.upper()} is not allowed in a condition.")

    def _compare(self, left: sql.Expr, operator: str, right: sql.Expr) -> str:
        if not isinstance(left, sql.Column) and isinstance(right, sql.Column) and operator in _MIRRORED:
            left, operator, right = right, _MIRRORED[operator], left
        field = self._field(left)
        if operator.endswith("like"):
            return self._test(field, f"{operator} {self._statement.bind(literal_text(right))}", is_text=True)
        if isinstance(right, sql.Column):
            return self._compare_fields(field, operator, self._other_field(right))
        return self._test(field, f"{operator} {self._bound(right, field)}")

    def _compare_fields(self, left: Field, operator: str, right: Field) -> str:
        if isinstance(left, CustomField) or isinstance(right, CustomField) or kind_of(left) != kind_of(right):
            raise _refused(f"{left.name} and {right.name} cannot be compared with each other.")
        return f"{self._statement.expression(left)} {operator} {self._statement.expression(right)}"

    def _in(self, field: Field, values: list[sql.Expr]) -> str:
        return self._test(field, f"in ({', '.join(self._bound(value, field) for value in values)})")

    def _between(self, field: Field, low: sql.Expr, high: sql.Expr) -> str:
        test = f"between {self._bound(low, field)} and {self._bound(high, field)}"
        return self._in_period(test) if isinstance(field, ReportingPeriod) else self._test(field, test)

    @staticmethod
    def _in_period(test: str) -> str:
        """What happened on one of the days, and what is open: it has a day of null."""
        return (
            f"exists (select 1 from {RECORD_DAYS} as days where days.record_key = fact.record_key"  # noqa: S608
            f" and (days.event_date is null or days.event_date {test}))"
        )

    def _is(self, field: Field, value: sql.Expr) -> str:
        if isinstance(value, sql.Boolean):
            return self._test(field, f"= {self._bound(value, field)}")
        if not isinstance(value, sql.Null):
            raise _refused("IS goes with null, true or false.")
        if isinstance(field, CustomField):
            return f"(not {self._exists(field, 'true')})"
        return f"{self._statement.expression(field)} is null"

    def _flag(self, field: Field) -> str:
        if kind_of(field) != "boolean":
            raise _refused(f"{field.name} alone is not a condition; compare it with something.")
        return self._test(field, f"= {self._statement.bind(value=True)}")

    def _test(self, field: Field, test: str, *, is_text: bool = False) -> str:
        kind = kind_of(field)
        if is_text and kind != "text":
            raise _refused(f"LIKE is for texts, and {field.name} is none.")
        if not isinstance(field, CustomField):
            return f"{self._statement.expression(field)} {test}"
        if kind == "text":
            return self._exists(field, _text_test(test))
        return self._exists(field, f"custom.{CUSTOM_COLUMNS[kind]} {test}")

    def _exists(self, field: CustomField, test: str) -> str:
        keys = self._statement.bind_all(field.keys)
        return (
            f"exists (select 1 from {CUSTOM_VALUES} as custom where custom.record_key = fact.record_key"  # noqa: S608
            f" and custom.custom_field_key in ({keys}) and {test})"
        )

    def _bound(self, node: sql.Expr, field: Field) -> str:
        return self._statement.bind(value_of(node, field))

    def _field(self, node: sql.Expr) -> Field:
        return self._fields.resolve(_column_name(node))

    def _other_field(self, node: sql.Column) -> Field:
        """A second field, which is most often a text without its quotes."""
        try:
            return self._field(node)
        except UsageError as error:
            name = _column_name(node)
            raise _refused(f"There is no field {name!r}; if it is a text, write '{name}'.") from error


def _text_test(test: str) -> str:
    """An enumeration is asked for by the label that people see or by the code that the CRM keeps."""
    if test.startswith(("= ", "in ", "like ", "ilike ")):
        return f"(custom.value_label {test} or custom.value_text {test})"
    if test.startswith("<> "):
        return f"(coalesce(custom.value_label, custom.value_text) {test} and custom.value_text {test})"
    return f"coalesce(custom.value_label, custom.value_text) {test}"


def _column_name(node: sql.Expr) -> str:
    if isinstance(node, sql.Column) and isinstance(node.this, sql.Identifier) and len(node.parts) == 1:
        return node.name
    raise _refused("Conditions are about the fields of the report; a field is its plain name.")


def _conjuncts(node: sql.Expr) -> Iterator[sql.Expr]:
    match node:
        case sql.Paren():
            yield from _conjuncts(node.this)
        case sql.And():
            yield from _conjuncts(node.left)
            yield from _conjuncts(node.right)
        case _:
            yield node


def _fixed_names(node: sql.Expr) -> Iterator[str]:
    match node:
        case sql.Paren():
            yield from _fixed_names(node.this)
        case sql.And():
            yield from _fixed_names(node.left)
            yield from _fixed_names(node.right)
        case sql.EQ() if isinstance(node.this, sql.Column) and not isinstance(node.expression, sql.Column):
            yield node.this.name
        case sql.EQ() if isinstance(node.expression, sql.Column) and not isinstance(node.this, sql.Column):
            yield node.expression.name
        case sql.In() if (
            isinstance(node.this, sql.Column) and len(node.expressions) == 1 and not node.args.get("negate")
        ):
            yield node.this.name


def _refused(what: str) -> UsageError:
    return UsageError(what, "--where", ALLOWED)
