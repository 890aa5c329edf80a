"""Says what in the rows of all models is not as the golden records have it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.oracle.inputs import Row
from tests.truth.golden import MEASURES, Golden, records
from tests.truth.golden_issues import issue_differences

Models = dict[str, list[Row]]


def differences(models: Models) -> list[str]:
    """One line for everything that differs; none if all is right."""
    found = [line for golden in records("records") for line in _of_record(golden, models)]
    found += [line for golden in records("reports") for line in _of_report(golden, models)]
    return found + issue_differences(models)


FACTS = {"deal": "fct_deals", "lead": "fct_leads", "activity": "fct_activities"}


def _of_record(golden: Golden, models: Models) -> list[str]:
    found: list[str] = []
    for kind, model in FACTS.items():
        if kind in golden.expected:
            found += _of_one(golden, kind, _rows(golden, models[model]))
    if "stays" in golden.expected:
        stays = sorted(
            _rows(golden, models["fct_stage_visits"]), key=lambda row: str(row["visit_number"]).zfill(9)
        )
        found += _of_stays(golden, stays)
    if "stages" in golden.expected:
        assert golden.record is not None
        found += _of_stages(golden, _rows(golden, models[f"fct_{golden.record[0]}_stages"]))
    if "path" in golden.expected:
        found += _of_stages(golden, _rows(golden, models["fct_path_stages"]), "path")
    return [f"{golden.name} ({golden.crm}): {line}" for line in found]


def _rows(golden: Golden, rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["record_key"] == golden.key]


def _of_one(golden: Golden, kind: str, rows: list[Row]) -> list[str]:
    expected = golden.expected[kind]
    if expected is None:
        return [f"{kind}: it is deleted, but there is a row"] if rows else []
    if not rows:
        return [f"{kind}: there is no row"]
    return _of_row(golden, kind, expected, rows[0])


def _of_stays(golden: Golden, rows: list[Row]) -> list[str]:
    expected = golden.expected["stays"]
    if len(rows) != len(expected):
        return [f"stays: {len(expected)} expected, {len(rows)} found: {[row['stage_key'] for row in rows]}"]
    found = []
    for number, (stay, row) in enumerate(zip(expected, rows, strict=True), start=1):
        columns = {("stage_key" if name == "stage" else name): value for name, value in stay.items()}
        found += _of_row(golden, f"stay {number}", columns, row)
    return found


def _of_stages(golden: Golden, rows: list[Row], part: str = "stages") -> list[str]:
    expected = {golden.stage_key(place): place for place in golden.expected[part]}
    present = {str(row["stage_key"]): row for row in rows}
    found = [f"{part}: {key} is missing" for key in expected.keys() - present.keys()]
    found += [f"{part}: {key} is too many" for key in present.keys() - expected.keys()]
    for key in expected.keys() & present.keys():
        columns = (
            dict.fromkeys(MEASURES, 0)
            | {"reached_with_conversion_count": 1}
            | golden.expected[part][expected[key]]
        )
        found += _of_row(golden, f"{part} {expected[key]}", columns, present[key])
    return found


def _of_report(golden: Golden, models: Models) -> list[str]:
    report, where = golden.expected["report"], dict(golden.expected["where"])
    if "stage" in where:
        where["stage_key"] = where.pop("stage")
    conditions = {column: golden.value(column, value) for column, value in where.items()}
    rows = [
        row
        for row in models[report]
        if row["connection"] == golden.connection
        and all(row[name] == value for name, value in conditions.items())
    ]
    measures = {name: value for name, value in golden.expected.items() if name not in {"report", "where"}}
    totals: Row = {name: _total(rows, name) for name in measures}
    return [f"{golden.name} ({golden.crm}): {line}" for line in _of_row(golden, report, measures, totals)]


def _total(rows: list[Row], name: str) -> object:
    """The sum of a measure; of what is no number the one value that all rows have."""
    values = {row[name] for row in rows}
    if values and not any(isinstance(value, int | Decimal) for value in values):
        return values.pop() if len(values) == 1 else sorted(map(str, values))
    return sum((Decimal(str(row[name] or 0)) for row in rows), Decimal(0))


def _of_row(golden: Golden, about: str, expected: dict[str, Any], row: Row) -> list[str]:
    found = []
    for column, written in expected.items():
        value = golden.value(column, written)
        if row[column] != value:
            found.append(f"{about}: {column} is {row[column]}, by hand {value}")
    return found
