"""How the universal methods of Bitrix24 write values: moments, days, numbers and custom fields."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import count
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson

from simulator.identifiers import bitrix24 as ids
from simulator.model import CustomField, FieldType, StageKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from simulator.model import Record, World
    from simulator.options import Options

SEMANTICS = {StageKind.OPEN: "P", StageKind.WON: "S", StageKind.LOST: "F"}
PADDING_FIELD = 99


class Renderer:
    """Writes values of one world in the portal's time zone."""

    def __init__(self, world: World, options: Options) -> None:
        self.world = world
        self._options = options
        self._links = count(1)
        self.zone = ZoneInfo(world.timezone)

    def instant(self, at: datetime) -> str:
        """ISO with the portal's offset of that day."""
        return at.astimezone(self.zone).isoformat()

    def moment(self, at: datetime | None) -> str | None:
        """An instant that may be missing."""
        return None if at is None else self.instant(at)

    def touched_at(self, activity: Record) -> datetime:
        """When an activity was last changed, as the portal sees it."""
        changes = activity.changes
        if self._options.rebinds_silently:
            changes = [change for change in changes if change.name != "bindings"] or changes
        return changes[-1].at

    def day(self, value: date | datetime | None) -> str | None:
        """A date without a time is written as the midnight it begins with."""
        if value is None:
            return None
        day = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        return datetime.combine(day, time(), tzinfo=self.zone).isoformat()

    def custom(self, field: CustomField, value: Any) -> Any:
        """The value of a custom field; enumerations hold the ids of their options."""
        if field.is_multiple:
            return [ids.option_id(field.number, option) for option in value or ()]
        if value is None:
            return None
        writers: dict[FieldType, Callable[[], Any]] = {
            FieldType.TEXT: lambda: value,
            FieldType.NUMBER: lambda: number(value),
            FieldType.DATE: lambda: self.day(value),
            FieldType.DATETIME: lambda: self.instant(value),
            FieldType.BOOLEAN: lambda: "Y" if value else "N",
            FieldType.ENUMERATION: lambda: str(ids.option_id(field.number, value)),
        }
        return writers[field.type]()

    def files(self, number: int) -> dict[str, Any]:
        """The files of a deal: some have an offer, some one or two scans."""
        kind = number % 20
        offer = self._file(10 * number) if kind == 0 else None
        scans = [self._file(10 * number + place) for place in range(1, 1 + kind)] if kind < 3 else []
        return {ids.OFFER_FIELD: offer, ids.SCANS_FIELD: scans}

    def _file(self, number: int) -> dict[str, Any]:
        """A file with two links; the one for programs holds the webhook, and a token of this one answer."""
        link = f"/rest/1/{self._options.key}/crm.controller.item.getFile/?token=crm%7C{next(self._links)}"
        shown = f"/bitrix/components/bitrix/crm.deal.show/show_file.php?fileId={number}"
        return {"id": number, "url": shown, "urlMachine": link}

    def pad(self, item: dict[str, Any]) -> None:
        """Make an item as large as the portal's records are said to be."""
        if self._options.payload_bytes is not None:
            missing = self._options.payload_bytes - len(orjson.dumps(item))
            item[ids.field_name(PADDING_FIELD)] = filler(missing)


def number(value: Decimal) -> int | float:
    """A JSON number: whole ones without a fraction."""
    return int(value) if value == value.to_integral_value() else float(value)


def user_id(employee: int | None) -> int:
    """The id of an employee in a record; 0 is nobody."""
    return 0 if employee is None else ids.employee_id(employee)


def flag(value: object) -> str:
    """How the CRM writes a boolean."""
    return "Y" if value else "N"


def filler(size: int) -> str:
    """About `size` bytes of text."""
    text = "The client asked for a written offer and a second visit. "
    return (text * (max(0, size) // len(text) + 1))[: max(0, size)]
