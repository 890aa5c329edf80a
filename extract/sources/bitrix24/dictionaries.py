"""Small lists, read whole in every cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from extract.core.errors import PortalError, RefusedRequestError, TerminalError, UnreadableReplyError
from extract.core.losses import dictionary_step
from extract.sources.bitrix24.api import BitrixPortal, Command, as_map
from extract.sources.bitrix24.items import COMPANY, CONTACT, DEAL, LEAD
from extract.sources.bitrix24.walks import Items, by_offset, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract.core.http import Requester
    from extract.core.source import Reading, Step

KINDS = {LEAD: "lead", DEAL: "deal", CONTACT: "contact", COMPANY: "company"}
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Dictionary:
    """A stream of one dictionary; `fetch` gives its rows by their ids."""

    name: str
    fetch: Callable[[BitrixPortal, Requester], Rows]
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return (self.name,)

    def read(self, reading: Reading) -> Iterator[Step]:
        """One full snapshot."""
        rows = self.fetch(cast("BitrixPortal", reading.portal), reading.requester)
        yield dictionary_step(reading, self.name, list(rows), list(rows.values()))


def _pipelines(portal: BitrixPortal, requester: Requester) -> Rows:
    command = Command("crm.category.list", {"entityTypeId": 2})
    rows = by_offset(portal, requester, command, rows_in="categories")
    return {f"2:{row['id']}": {"entityTypeId": 2, **row} for row in rows}


def _statuses(portal: BitrixPortal, requester: Requester) -> Rows:
    """All dictionaries at once, which not every portal allows, or can page."""
    try:
        rows = by_offset(portal, requester, Command("crm.status.list", {}))
    except (RefusedRequestError, UnreadableReplyError):
        rows = []
    if not any(row["ENTITY_ID"].startswith("DEAL_STAGE") for row in rows):
        rows = _statuses_by_entity(portal, requester)
    return {f"{row['ENTITY_ID']}:{row['STATUS_ID']}": row for row in rows}


def _statuses_by_entity(portal: BitrixPortal, requester: Requester) -> Items:
    """For portals that want to be asked dictionary by dictionary."""
    kinds = rows_of(portal.call(requester, "crm.status.entity.types", {})["result"], "")
    commands = [Command("crm.status.list", {"filter": {"ENTITY_ID": kind["ID"]}}) for kind in kinds or []]
    return [row for command in commands for row in by_offset(portal, requester, command)]


def _users(portal: BitrixPortal, requester: Requester) -> Rows:
    command = Command("user.get", {"sort": "ID", "order": "ASC"})
    return {str(row["ID"]): row for row in by_offset(portal, requester, command)}


def _departments(portal: BitrixPortal, requester: Requester) -> Rows:
    command = Command("department.get", {"sort": "ID", "order": "ASC"})
    return {str(row["ID"]): row for row in by_offset(portal, requester, command, start="START")}


def fields_of(entity_type: int) -> Callable[[BitrixPortal, Requester], Rows]:
    """How to read the fields of a kind of record, with the options of those that have some."""

    def fetch(portal: BitrixPortal, requester: Requester) -> Rows:
        params = {"entityTypeId": entity_type, "useOriginalUfNames": "Y"}
        result = portal.call(requester, "crm.item.fields", params)["result"]
        fields = as_map(as_map(result).get("fields"))
        incomplete = [field for field in fields.values() if _lacks_options(field)]
        options = _options_of(portal, requester, entity_type) if incomplete else {}
        for field in incomplete:
            field["items"] = options.get(field.get("upperName"), [])
        return {name: {"name": name, **field} for name, field in fields.items()}

    return fetch


def _lacks_options(field: dict[str, Any]) -> bool:
    return field.get("type") == "enumeration" and not field.get("items")


def _options_of(portal: BitrixPortal, requester: Requester, entity_type: int) -> dict[str, Any]:
    """The options of custom enumerations, by the original names of their fields.

    Older portals tell them here only; without them, records would show numbers in place of words.
    """
    command = Command(f"crm.{KINDS[entity_type]}.userfield.list", {})
    try:
        rows = by_offset(portal, requester, command)
    except PortalError:
        raise
    except TerminalError:
        return {}
    return {row["FIELD_NAME"]: row.get("LIST") or [] for row in rows}


def _currencies(portal: BitrixPortal, requester: Requester) -> Rows:
    rows = rows_of(portal.call(requester, "crm.currency.list", {})["result"], "")
    return {row["CURRENCY"]: row for row in rows or []}


DICTIONARIES = (
    Dictionary("pipelines", _pipelines),
    Dictionary("statuses", _statuses),
    Dictionary("users", _users),
    Dictionary("departments", _departments),
    Dictionary("deal_fields", fields_of(DEAL)),
    Dictionary("contact_fields", fields_of(CONTACT)),
    Dictionary("company_fields", fields_of(COMPANY)),
    Dictionary("currencies", _currencies),
)
# Reports do without names of people, without teams and without conversion, but not without any data.
OPTIONAL_DICTIONARIES = frozenset({"users", "departments", "currencies"})
LEAD_FIELDS = Dictionary("lead_fields", fields_of(LEAD))
