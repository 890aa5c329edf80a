"""Leads, deals, contacts and companies: the kinds of items that `crm.item.list` tells apart by a number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from extract.sources.bitrix24.history import DEAL_HISTORY, LEAD_HISTORY
from extract.sources.bitrix24.records import RecordKind
from extract.sources.bitrix24.walks import KeyedList

if TYPE_CHECKING:
    from extract.sources.bitrix24.records import Companions

LEAD, DEAL, CONTACT, COMPANY = 1, 2, 3, 4
METHOD = "crm.item.list"
OWN_FIELDS = frozenset({"isRecurring", "statusDescription", "companyIds", "isMyCompany"})


def _kind(
    entity: str,
    entity_type: int,
    own_field: str,
    *,
    created: str | None = None,
    companions: Companions | None = None,
) -> RecordKind:
    """Items with all fields: telephone numbers and addresses come with `*` only.

    The four kinds answer to one method; `own_field` is one that only this kind has, though not everywhere.
    `UF_*` is a word of the older methods: some portals need it for custom fields, others may refuse it.
    """
    params = {"entityTypeId": entity_type, "select": ["*", "UF_*"], "useOriginalUfNames": "Y"}
    listed = KeyedList(
        METHOD,
        "id",
        params,
        proof="updatedTime",
        own=own_field,
        alien=OWN_FIELDS - {own_field},
        plain_params={**params, "select": ["*"]},
    )
    return RecordKind(
        entity,
        listed,
        KeyedList(METHOD, "id", {"entityTypeId": entity_type, "select": ["id"]}),
        changed="updatedTime",
        modified="updatedTime",
        created=created,
        companions=companions,
        shortened=without_links,
    )


def without_links(item: dict[str, Any]) -> dict[str, Any]:
    """An item whose files stand as their ids.

    The links beside them hold the webhook's secret, and a token that is another one in every answer: the
    item would seem changed each time it is read.
    """
    return {name: _without_link(value) for name, value in item.items()}


def _without_link(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_link(one) for one in value]
    return value.get("id") if isinstance(value, dict) and "urlMachine" in value else value


DEALS = _kind("deals", DEAL, "isRecurring", created="createdTime", companions=DEAL_HISTORY.rows_of)
LEADS = _kind("leads", LEAD, "statusDescription", created="createdTime", companions=LEAD_HISTORY.rows_of)
# Clients are older than what is done with them: they are read whatever the start date is.
CONTACTS = _kind("contacts", CONTACT, "companyIds")
COMPANIES = _kind("companies", COMPANY, "isMyCompany")
