"""When keys of payloads count as new, vanished or of another type; no Great Expectations yet."""

from __future__ import annotations

import json
from typing import Any

import duckdb
import pytest

from quality import shapes
from quality.shapes import Key, Shape, measure_shape
from quality.thresholds import SchemaDrift

LIMITS = SchemaDrift(smallest_load=5, usual_share=0.9, severity="warning", vanished_contract_key="error")


def shape_of(*payloads: dict[str, Any], load_id: str = "1", after: str = "") -> Shape | None:
    """What is measured of a load of these payloads."""
    rows = [f"('us', '{json.dumps(payload)}', '{load_id}', false)" for payload in payloads]
    captures = f"select * from (values {', '.join(rows)}) as t(connection, payload, _dlt_load_id, is_deleted)"
    with duckdb.connect() as database:
        return measure_shape(captures, "us", after, database)


def changes(before: Shape | None, now: Shape | None, read: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """(change, key) as the expectations see them."""
    assert before
    assert now
    with duckdb.connect() as database:
        table = "us hubspot deals"
        shapes.write_changes({table: before}, {table: now}, {"hubspot deals": list(read)}, LIMITS, database)
        found: list[tuple[str, str]] = database.execute(
            f"select change, payload_key from {shapes.TABLE} order by all"
        ).fetchall()
    return found


def test_keys_are_those_of_the_payload_and_of_its_properties() -> None:
    found = shape_of({"id": "1", "properties": {"amount": None, "name": "A"}, "links": [1], "more": {"a": 1}})
    assert found
    assert {name: key.types for name, key in found.keys.items()} == {
        "id": ("text",),
        "properties": ("object",),
        "properties.amount": (),
        "properties.name": ("text",),
        "links": ("array",),
        "more": ("object",),
    }


def test_whole_and_broken_numbers_are_one_type() -> None:
    found = shape_of({"n": 1}, {"n": -1}, {"n": 1.5}, {"n": None})
    assert found
    assert found.keys["n"] == Key(4, 0, 0, ("number",))


def test_only_later_loads_are_looked_at() -> None:
    assert shape_of({"a": 1}, load_id="1763.5", after="1763.5") is None
    assert shape_of({"a": 1}, load_id="1763.5", after="1763.45") is not None


def test_nothing_changed() -> None:
    before = shape_of(*[{"a": 1, "b": None}] * 10)
    assert changes(before, shape_of({"a": 2, "b": None})) == []


def test_a_new_key() -> None:
    assert changes(shape_of(*[{"a": 1}] * 10), shape_of({"a": 1, "b": 2})) == [("new", "b")]


def test_a_key_of_another_type() -> None:
    assert changes(shape_of(*[{"a": 1}] * 10), shape_of({"a": "1"})) == [("other type", "a")]


@pytest.mark.parametrize("before", [{"a": None}, {"a": "x"}])
def test_a_first_value_and_a_null_change_no_type(before: dict[str, Any]) -> None:
    assert changes(shape_of(*[before] * 10), shape_of({"a": "y"}, {"a": None})) == []


def test_a_vanished_key() -> None:
    before = shape_of(*[{"a": 1, "b": 2}] * 10)
    assert changes(before, shape_of(*[{"a": 1}] * 5)) == [("vanished", "b")]


def test_too_few_records_without_a_key_are_chance() -> None:
    before = shape_of(*[{"a": 1, "b": 2}] * 10)
    assert changes(before, shape_of(*[{"a": 1}] * 4)) == []


def test_a_key_that_was_rare_does_not_vanish() -> None:
    before = shape_of(*[{"a": 1, "b": 2}] * 8, *[{"a": 1}] * 2)
    assert changes(before, shape_of(*[{"a": 1}] * 5)) == []


def test_a_key_vanishes_over_several_small_loads_and_is_told_once() -> None:
    shape = shape_of(*[{"a": 1, "b": 2}] * 10)
    told = []
    for _ in range(6):
        small = shape_of(*[{"a": 1}] * 2)
        assert shape
        assert small
        told.append(changes(shape, small))
        shape = shape.after(small, LIMITS)
    assert told == [[], [], [("vanished", "b")], [], [], []]


def test_a_key_that_came_later_is_measured_from_then_on() -> None:
    shape = shape_of(*[{"a": 1}] * 1000)
    assert shape
    for payload in [{"a": 1, "b": 2}] * 2:
        later = shape_of(*[payload] * 20)
        assert later
        shape = shape.after(later, LIMITS)
    assert changes(shape, shape_of(*[{"a": 1}] * 5)) == [("vanished", "b")]


def test_shapes_survive_their_file() -> None:
    shape = shape_of({"a": 1, "b": {"c": None}})
    assert shape
    assert shapes.from_json(json.loads(json.dumps(shapes.as_json({"t": shape})))) == {"t": shape}
