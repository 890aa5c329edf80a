"""Rates to the reporting currency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tests.oracle.inputs import EXACT, Connection, Reporting, money

PLACES = Decimal("0.0000000001")


@dataclass(frozen=True)
class Conversion:
    """A rate, and whether it is the earliest known one standing in for an unknown earlier one."""

    rate: Decimal
    is_estimated: bool

    def of(self, amount: Decimal) -> Decimal:
        """The amount in the other currency."""
        return money(EXACT.multiply(amount, self.rate))


ONE = Conversion(Decimal(1), is_estimated=False)


class Rates:
    """What every connection knows of currencies."""

    def __init__(self, connections: list[Connection], reporting: Reporting) -> None:
        self.reporting = reporting
        read = [connection.data_as_of for connection in connections if connection.portal.captures]
        self.today = max((reporting.day(moment) for moment in read), default=date.max)
        self.bases = {connection.name: connection.portal.base_currency for connection in connections}
        self._known: dict[tuple[str, str], dict[date, Decimal]] = {}
        for connection in connections:
            for rate in sorted(connection.portal.rates, key=lambda known: known.valid_from):
                days = self._known.setdefault((connection.name, rate.currency), {})
                days[reporting.day(rate.valid_from)] = rate.rate

    def currency_of(self, connection: str, currency: str | None) -> str:
        """A deal without a currency is in the base currency."""
        return currency or self.bases[connection]

    def to_reporting(self, connection: str, currency: str, on: date | None) -> Conversion | None:
        """To the reporting currency on a day, or by the latest rates; None if nobody knows it."""
        if currency == self.reporting.currency:
            return ONE
        to_base = self._to_base(connection, currency, on)
        from_base = self._from_base(connection, on)
        if to_base is None or from_base is None:
            return None
        rate = EXACT.multiply(to_base.rate, from_base.rate).quantize(PLACES, context=EXACT)
        return Conversion(rate, to_base.is_estimated or from_base.is_estimated)

    def _from_base(self, connection: str, on: date | None) -> Conversion | None:
        reporting = self._to_base(connection, self.reporting.currency, on)
        if reporting is not None:
            return Conversion(EXACT.divide(Decimal(1), reporting.rate), reporting.is_estimated)
        base = self.bases[connection]
        for other in sorted(self.bases):
            first = self._to_base(other, base, on)
            second = self._to_base(other, self.reporting.currency, on)
            if first is not None and second is not None:
                rate = EXACT.divide(first.rate, second.rate)
                return Conversion(rate, first.is_estimated or second.is_estimated)
        return None

    def _to_base(self, connection: str, currency: str, on: date | None) -> Conversion | None:
        if currency == self.bases[connection]:
            return ONE
        days = self._known.get((connection, currency))
        if not days:
            return None
        usable = [day for day in days if day <= (on or self.today)]
        day = max(usable) if usable else min(days)
        return Conversion(days[day], is_estimated=not usable)
