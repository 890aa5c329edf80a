"""Rates to the reporting currency, by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from simulator.visible_records import VisiblePortal, VisibleRate
from tests.oracle.inputs import Connection, Reporting
from tests.oracle.rates import Rates


def rate(currency: str, day: int, value: str) -> VisibleRate:
    return VisibleRate(currency, datetime(2026, 3, day, 12, tzinfo=UTC), Decimal(value))


def connection(name: str, base: str, *rates: VisibleRate) -> Connection:
    return Connection(name, VisiblePortal("hubspot", {}, base, rates=set(rates)), "http://x")


@pytest.fixture
def rates() -> Rates:
    """`one` knows roubles, `two` only liras in dollars, `three` dollars in roubles."""
    one = connection("one", "EUR", rate("RUB", 1, "0.01"), rate("RUB", 5, "0.0125"), rate("TRY", 3, "0.02"))
    two = connection("two", "USD", rate("TRY", 3, "0.03"))
    three = connection("three", "RUB", rate("USD", 4, "90"))
    return Rates([one, two, three], Reporting("RUB", "Europe/Moscow"))


@pytest.mark.parametrize(
    ("known", "value", "is_estimated"),
    [
        (("one", "RUB", 1), "1", False),
        (("one", "EUR", 2), "100", False),  # 1 / 0.01
        (("one", "EUR", 5), "80", False),  # 1 / 0.0125
        (("one", "TRY", 6), "1.6", False),  # 0.02 / 0.0125
        (("one", "TRY", 2), "2", True),  # the lira is known from the 3rd on: 0.02 / 0.01
        (("two", "USD", 4), "90", False),  # through `three`, the first that knows dollars and roubles
        (("two", "TRY", 4), "2.7", False),  # 0.03 x 90
        (("two", "TRY", 3), "2.7", True),  # the dollar is known from the 4th on
    ],
)
def test_the_nearest_earlier_rate_counts(
    rates: Rates, known: tuple[str, str, int], value: str, *, is_estimated: bool
) -> None:
    name, currency, day = known
    found = rates.to_reporting(name, currency, date(2026, 3, day))
    assert found is not None
    assert (found.rate, found.is_estimated) == (Decimal(value), is_estimated)


def test_nobody_knows_a_currency(rates: Rates) -> None:
    assert rates.to_reporting("two", "GBP", None) is None
