"""Deals and history rows as the universal methods of Bitrix24 show them."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import orjson

from simulator.identifiers import bitrix24 as ids
from simulator.model import CustomField, Deal, FieldType, StageKind, World
from simulator.shown import HistoryRow, State, close_date, moves, place, stage_of

if TYPE_CHECKING:
    from collections.abc import Callable

SEMANTICS = {StageKind.OPEN: "P", StageKind.WON: "S", StageKind.LOST: "F"}
PADDING_FIELD = 99
SOURCES = ("CALL", "EMAIL", "WEB", "ADVERTISING", "PARTNER", "1|WHATSAPP", "1")

LINKS: dict[str, Any] = {
    "leadId": None,
    "companyId": 0,
    "contactId": 0,
    "contactIds": [],
    "quoteId": None,
    "observers": [],
}
UNUSED = dict.fromkeys(
    (
        "sourceDescription",
        "additionalInfo",
        "utmSource",
        "utmMedium",
        "utmCampaign",
        "originatorId",
        "originId",
    )
)


class Renderer:
    """Writes records of one world in the portal's time zone."""

    def __init__(self, world: World, payload_bytes: int | None) -> None:
        self.world = world
        self.zone = ZoneInfo(world.timezone)
        self.payload_bytes = payload_bytes

    def instant(self, at: datetime) -> str:
        """ISO with the portal's offset of that day."""
        return at.astimezone(self.zone).isoformat()

    def day(self, value: date | datetime | None) -> str | None:
        """A date without a time is written as the midnight it begins with."""
        if value is None:
            return None
        day = value.astimezone(self.zone).date() if isinstance(value, datetime) else value
        return datetime.combine(day, time(), tzinfo=self.zone).isoformat()

    def deal(self, deal: Deal, state: State) -> dict[str, Any]:
        """An item of crm.item.list with all its fields under their original names."""
        item: dict[str, Any] = {"id": ids.deal_id(deal.number), "title": state["title"]}
        item |= self._standing(deal, state) | _money(state) | LINKS | self._people_and_moments(deal, state)
        item |= {"sourceId": SOURCES[deal.number % len(SOURCES)]} | UNUSED
        for field in self.world.custom_fields:
            item[ids.field_name(field.number)] = self.custom(field, state.get(f"custom:{field.number}"))
        self._pad(item)
        return item

    def _standing(self, deal: Deal, state: State) -> dict[str, Any]:
        where = place(state)
        kind = stage_of(self.world, where).kind
        return {
            "typeId": "SALE" if deal.number % 3 else "1",
            "categoryId": ids.pipeline_id(where[0]),
            "stageId": ids.stage_id(*where),
            "stageSemanticId": SEMANTICS[kind],
            "isNew": "Y" if where[1] == 1 else "N",
            "isRecurring": "Y" if deal.is_template else "N",
            "isReturnCustomer": "N",
            "isRepeatedApproach": "N",
            "closed": "N" if kind is StageKind.OPEN else "Y",
            "opened": "Y",
        }

    def _people_and_moments(self, deal: Deal, state: State) -> dict[str, Any]:
        last, moved = deal.changes[-1], moves(deal)[-1]
        owner = cast("int | None", state["owner"])
        return {
            "begindate": self.day(deal.created_at),
            "closedate": self.day(close_date(state)),
            "assignedById": 0 if owner is None else ids.employee_id(owner),
            "createdBy": ids.employee_id(deal.created_by),
            "updatedBy": ids.employee_id(last.by),
            "movedBy": ids.employee_id(moved.by),
            "createdTime": self.instant(deal.created_at),
            "updatedTime": self.instant(last.at),
            "movedTime": self.instant(moved.at),
            "lastActivityTime": self.instant(last.at),
            "lastActivityBy": ids.employee_id(last.by),
        }

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

    def _pad(self, item: dict[str, Any]) -> None:
        if self.payload_bytes is not None:
            missing = self.payload_bytes - len(orjson.dumps(item))
            item[ids.field_name(PADDING_FIELD)] = filler(missing)

    def history(self, row: HistoryRow) -> dict[str, Any]:
        """A row of crm.stagehistory.list."""
        kind = stage_of(self.world, (row.pipeline, row.stage)).kind
        return {
            "ID": row.number,
            "TYPE_ID": row.type,
            "OWNER_ID": ids.deal_id(row.deal.number),
            "CREATED_TIME": self.instant(row.at),
            "CATEGORY_ID": ids.pipeline_id(row.pipeline),
            "STAGE_SEMANTIC_ID": SEMANTICS[kind],
            "STAGE_ID": ids.stage_id(row.pipeline, row.stage),
        }


def _money(state: State) -> dict[str, Any]:
    amount = cast("Decimal | None", state["amount"])
    probability = cast("Decimal | None", state["probability"])
    return {
        "opportunity": number(amount or Decimal(0)),
        "isManualOpportunity": "Y",
        "taxValue": 0,
        "currencyId": state["currency"],
        "probability": None if probability is None else int(probability),
    }


def number(value: Decimal) -> int | float:
    """A JSON number: whole ones without a fraction."""
    return int(value) if value == value.to_integral_value() else float(value)


def filler(size: int) -> str:
    """About `size` bytes of text."""
    text = "The client asked for a written offer and a second visit. "
    return (text * (max(0, size) // len(text) + 1))[: max(0, size)]
