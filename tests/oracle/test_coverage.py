"""The coverage page is what the projections say."""

from __future__ import annotations

from simulator.visible import VIEWS, visible
from simulator.world import make_world
from tests.oracle.coverage import PAGE, page, sections
from tests.oracle.expected import KEYS, expected
from tests.oracle.inputs import Connection, Reporting
from tests.oracle.order_columns import ALL_COLUMNS

REPORTING = Reporting("EUR", "Europe/Berlin")


def test_the_coverage_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.oracle.coverage"


def test_every_column_is_declared_and_every_visible_field_used() -> None:
    world = make_world(1, 0.01)
    models = expected([Connection("one", visible(world, "hubspot", [world.now]), "http://x")], REPORTING)
    assert {model: set(rows[0]) for model, rows in models.items()} == {
        m: set(c) for m, c in ALL_COLUMNS.items()
    }
    used = {source for columns in ALL_COLUMNS.values() for sources in columns.values() for source in sources}
    unused = {name.split(".")[0] for name in sections()} - {name.split(".")[0] for name in used}
    assert unused == set()


def test_keys_tell_rows_apart() -> None:
    world = make_world(2, 0.02)
    models = expected([Connection("one", visible(world, "bitrix24", [world.now]), "http://x")], REPORTING)
    for model, rows in models.items():
        keys = [tuple(row[column] for column in KEYS[model]) for row in rows]
        assert len(keys) == len(set(keys)), model


def test_a_history_that_is_hidden_later_is_kept() -> None:
    world = make_world(3, 0.02)
    first = world.now
    world.advance(3)
    both = visible(world, "bitrix24", [first, world.now])
    last = visible(world, "bitrix24", [world.now])
    assert both.stage_rows > last.stage_rows


def test_what_is_restored_is_not_deleted() -> None:
    world = make_world(1, 0.05)
    captures = [world.now]
    for _ in range(5):
        world.advance(1)
        captures.append(world.now)
    portal = visible(world, "hubspot", captures)
    gone = {
        native_id
        for kind, native_id in portal.deletions
        if kind == "deal" and portal.deletion(kind, native_id)
    }
    assert gone
    view = VIEWS["hubspot"](world)
    shown = {view.deal(deal, world.now).native_id for deal in world.deals if deal.exists_at(world.now)}
    assert not gone & shown
