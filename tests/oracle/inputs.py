"""What the oracle is given: portals as seen, under the names and options that connections.yml gives them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from simulator.visible_records import VisiblePortal

Row = dict[str, object]
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
MONEY = Decimal("0.000001")


@dataclass(frozen=True)
class Reporting:
    """The reporting currency and zone."""

    currency: str
    timezone: str

    def day(self, moment: datetime) -> date:
        """The date of an instant where the company reports."""
        return moment.astimezone(ZoneInfo(self.timezone)).date()

    def end_of(self, day: date) -> datetime:
        """The instant the next day begins."""
        return self.midnight(day + timedelta(days=1))

    def midnight(self, day: date) -> datetime:
        """The instant a typed date begins."""
        return datetime.combine(day, time(), tzinfo=ZoneInfo(self.timezone)).astimezone(UTC)


@dataclass(frozen=True)
class Connection:
    """A portal as one connection of the warehouse."""

    name: str
    portal: VisiblePortal
    portal_url: str
    closing_date: str = "history"
    repeat: str = "computed"
    has_loss_reason_field: bool = True

    @property
    def data_as_of(self) -> datetime:
        """When it was last read: its now."""
        return self.portal.captures[-1].at

    def record_url(self, record_type: str, native_id: str) -> str:
        """Where the record opens in its CRM."""
        path = self.portal.record_paths[record_type].replace("{id}", native_id)
        return path if path.startswith("https:") else self.portal_url + path

    def key(self, kind: str, native_id: str | None) -> str | None:
        """The key of a thing of this connection; None for nothing."""
        return None if native_id is None else f"{self.name}:{kind}:{native_id}"


def naive(moment: datetime | None) -> datetime | None:
    """An instant as marts hold it: UTC without a zone."""
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)


def seconds_between(start: datetime, end: datetime) -> int:
    """Whole seconds from one instant to another."""
    return int((end - start).total_seconds())


def money(value: Decimal) -> Decimal:
    """Six places, half up."""
    return value.quantize(MONEY, context=EXACT)


@dataclass(frozen=True)
class Approximately:
    """Equals an instant within ten minutes after `moment`: found in a cycle that began then."""

    moment: datetime

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Approximately):
            return self.moment == other.moment
        return isinstance(other, datetime) and 0 <= (other - self.moment).total_seconds() <= 600

    def __hash__(self) -> int:
        return 0
