"""Every rule of the comparison, on the fewest records that can break it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest

from extract.core.source import CENSUS_SCHEMA
from quality.reconciliation import (
    Difference,
    Group,
    Reconciliation,
    ReconciliationError,
    Scope,
    Standing,
    reconcile,
    standings,
)
from tests.orchestration.reconcilable import LONG_AGO, Held, publish_records, write_marts

if TYPE_CHECKING:
    from orchestration.places import Places

SETTLED_AT = datetime.fromisoformat("2026-03-01 12:00")
BEFORE = SETTLED_AT - timedelta(microseconds=1)


@dataclass(frozen=True)
class Shown:
    """A row of a census."""

    native_id: str
    pipeline_id: str | None = "0"
    stage_id: str | None = "NEW"
    owner_id: str | None = "7"
    amount: str | None = "100.5"
    currency: str | None = "EUR"
    modified_at: datetime = BEFORE
    merged_ids: tuple[str, ...] = ()


DEALS = Scope("m", "deals", "deal", SETTLED_AT)
LEADS = Scope("m", "leads", "lead", SETTLED_AT)


def compare(held: list[Held], shown: list[Shown], scope: Scope = DEALS) -> Reconciliation:
    census = pa.Table.from_pylist([asdict(record) for record in shown], CENSUS_SCHEMA)
    with duckdb.connect() as database:
        write_marts(database, held)
        return reconcile(database, census, scope)


def explained(held: list[Held], shown: list[Shown], scope: Scope = DEALS) -> dict[str, str]:
    """The explanation of every record that differs."""
    found = compare(held, shown, scope)
    return {record.native_id: record.explanation for record in found.differences}


ONE, TWO = Held("1"), Held("2")


@pytest.mark.parametrize(
    ("held", "shown", "explanation"),
    [
        pytest.param([ONE], [], "deleted since", id="gone"),
        pytest.param([ONE, TWO], [Shown("2", merged_ids=("1",))], "merged", id="merged"),
        pytest.param([], [Shown("1", modified_at=SETTLED_AT)], "created since", id="new"),
        pytest.param([], [Shown("1")], "unread", id="unread"),
        pytest.param(
            [ONE], [Shown("1", stage_id="WON", modified_at=SETTLED_AT)], "changed since", id="changed"
        ),
        pytest.param([ONE], [Shown("1", stage_id="WON")], "differs", id="differs"),
    ],
)
def test_every_difference_has_one_explanation(held: list[Held], shown: list[Shown], explanation: str) -> None:
    found = compare(held, shown)
    assert [(deal.native_id, deal.explanation) for deal in found.differences] == [("1", explanation)]
    assert found.counts == ({"equal": 1} if len(held) > 1 else {}) | {explanation: 1}
    assert found.has_defects is (explanation in {"unread", "differs"})


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(Shown("1", pipeline_id="1"), id="pipeline"),
        pytest.param(Shown("1", stage_id="WON"), id="stage"),
        pytest.param(Shown("1", stage_id=None), id="no-stage"),
        pytest.param(Shown("1", owner_id="8"), id="owner"),
        pytest.param(Shown("1", owner_id=None), id="no-owner"),
        pytest.param(Shown("1", amount="100.51"), id="amount"),
        pytest.param(Shown("1", amount=None), id="no-amount"),
        pytest.param(Shown("1", currency="USD"), id="currency"),
        pytest.param(Shown("1", stage_id="WON", merged_ids=("1",)), id="stage-of-a-survivor-naming-itself"),
    ],
)
def test_everything_that_is_compared_can_differ(shown: Shown) -> None:
    assert explained([ONE], [shown]) == {"1": "differs"}


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        pytest.param(ONE, Shown("1", amount="100.500"), id="another-spelling-of-the-amount"),
        pytest.param(ONE, Shown("1", currency="eur"), id="another-spelling-of-the-currency"),
        pytest.param(ONE, Shown("1", currency=None), id="the-base-currency-unsaid"),
        pytest.param(replace(ONE, owner_id=None), Shown("1", owner_id=None), id="nobody-on-both-sides"),
        pytest.param(replace(ONE, amount=None), Shown("1", amount="much"), id="an-unreadable-amount"),
        pytest.param(ONE, Shown("1", modified_at=SETTLED_AT), id="changed-elsewhere"),
    ],
)
def test_what_means_the_same_is_equal(held: Held, shown: Shown) -> None:
    found = compare([held], [shown])
    assert (found.counts, found.groups, str(found)) == ({"equal": 1}, (), "1 deals equal")


def test_deals_of_other_connections_are_not_looked_at() -> None:
    assert compare([ONE, Held("9", connection="other")], [Shown("1")]).counts == {"equal": 1}


def test_a_deal_that_was_listed_twice_counts_once_as_it_is_now() -> None:
    earlier = Shown("1", stage_id="WON", modified_at=LONG_AGO)
    assert compare([ONE], [earlier, Shown("1"), earlier]).counts == {"equal": 1}


def test_deals_before_the_start_date_are_missed_by_nobody() -> None:
    start = replace(DEALS, start_date=date(2026, 1, 2))
    later = replace(TWO, created_at=LONG_AGO + timedelta(days=1))
    assert explained([ONE, later], [], start) == {"2": "deleted since"}
    assert compare([ONE], [Shown("1")], start).counts == {"equal": 1}


def test_leads_are_compared_by_the_same_rules_apart_from_deals() -> None:
    lead = replace(ONE, record_type="lead", pipeline_id="main")
    found = compare([ONE, TWO, lead], [Shown("1", pipeline_id="main", stage_id="WON"), Shown("3")], LEADS)
    assert [(one.native_id, one.title, one.explanation) for one in found.differences] == [
        ("1", "Lead 1", "differs"),
        ("3", None, "unread"),
    ]
    assert [(group.pipeline, group.stage, group.owner) for group in found.groups] == [
        ("m:lead:0", "m:lead:0:NEW", "Ann"),
        ("m:lead:main", "m:lead:main:NEW", "Ann"),
        ("m:lead:main", "m:lead:main:WON", "Ann"),
    ]
    assert compare([ONE, lead], [Shown("1")]).counts == {"equal": 1}


def test_what_is_worth_nothing_has_no_currency_either() -> None:
    worthless = replace(ONE, record_type="lead", amount=None)
    shown = [Shown(key, amount=None, currency=None) for key in ("1", "2")]
    found = compare([worthless], shown, replace(LEADS, has_amounts=False))
    assert found.counts == {"equal": 1, "unread": 1}
    [group] = found.groups
    assert (group.currency, group.held_count, group.shown_count) == (None, 1, 2)


def test_where_stages_last_a_cleared_one_is_the_last_and_who_had_none_is_no_lead() -> None:
    lead, scope = replace(ONE, record_type="lead"), replace(LEADS, has_lasting_stages=True)
    cleared = [Shown("1", stage_id=None), Shown("2", stage_id=None)]
    assert compare([lead], cleared, scope).counts == {"equal": 1}
    assert explained([lead], [Shown("1", stage_id="WON"), Shown("2")], scope) == {
        "1": "differs",
        "2": "unread",
    }
    assert explained([lead], cleared, LEADS) == {"1": "differs", "2": "unread"}
    assert explained([lead], [Shown("2", stage_id=None, merged_ids=("1",))], scope) == {"1": "merged"}


def test_groups_that_differ_are_summed_by_name() -> None:
    found = compare(
        [ONE, TWO, Held("3", currency="USD", amount=None)],
        [Shown("1"), Shown("2", stage_id="WON", amount="7"), Shown("3", currency="USD", amount=None)],
    )
    assert found.groups == (
        Group("Sales", "New", "Ann", "EUR", 2, Decimal(201), 1, Decimal("100.5")),
        Group("Sales", "m:deal:0:WON", "Ann", "EUR", 0, Decimal(0), 1, Decimal(7)),
    )


def test_a_sum_that_differs_shows_though_the_count_does_not() -> None:
    assert compare([ONE], [Shown("1", amount="1")]).groups == (
        Group("Sales", "New", "Ann", "EUR", 1, Decimal("100.5"), 1, Decimal(1)),
    )


def test_a_count_that_differs_shows_though_nothing_is_worth_anything() -> None:
    worthless = replace(ONE, amount=None)
    assert compare([worthless], []).groups == (
        Group("Sales", "New", "Ann", "EUR", 1, Decimal(0), 0, Decimal(0)),
    )
    assert compare([], [Shown("1", amount=None)]).groups == (
        Group("Sales", "New", "Ann", "EUR", 0, Decimal(0), 1, Decimal(0)),
    )
    shown = [Shown("1", amount=None), Shown("2", amount=None)]
    assert compare([worthless], shown).groups == (
        Group("Sales", "New", "Ann", "EUR", 1, Decimal(0), 2, Decimal(0)),
    )


def test_a_difference_has_title_and_link_of_the_warehouse() -> None:
    found = compare([Held("3")], [Shown("2")])
    assert found.differences == (
        Difference("3", "Deal 3", "deleted since", "https://crm.example/3"),
        Difference("2", None, "unread", None),
    )
    assert (found.held_count, found.deleted_count) == (1, 1)
    assert str(found) == "2 deals (1 deleted since, 1 unread)"


def test_standings_are_those_of_the_newest_publication(places: Places) -> None:
    others = [replace(ONE, record_type="lead"), replace(ONE, record_type="contact")]
    publish_records(places, [ONE, TWO, *others], {"m": LONG_AGO})
    assert published_standings(places) == {"m": Standing(LONG_AGO, {"deals": 2, "leads": 1, "contacts": 1})}
    places.next_database.unlink()
    publish_records(places, [ONE], {"m": SETTLED_AT, "new": SETTLED_AT})
    assert published_standings(places) == {
        "m": Standing(SETTLED_AT, {"deals": 1}),
        "new": Standing(SETTLED_AT, {}),
    }


def published_standings(places: Places) -> dict[str, Standing]:
    with duckdb.connect(str(places.served_database), read_only=True) as database:
        return standings(database)


def test_marts_of_another_shape_are_told_with_what_to_do() -> None:
    with duckdb.connect() as database, pytest.raises(ReconciliationError, match="full-refresh"):
        standings(database)
