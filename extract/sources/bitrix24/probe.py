"""What `dealhouse connect` wants to know about a Bitrix24 portal."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from extract.core.errors import SourceError
from extract.core.probe import Finding, clock, mapped_fields
from extract.sources.bitrix24.activities import ACTIVITIES, BINDING_METHOD, BINDINGS, TASKS
from extract.sources.bitrix24.addresses import ADDRESSES, listed
from extract.sources.bitrix24.api import REQUESTS_PER_SECOND, BitrixPortal, Command, as_map
from extract.sources.bitrix24.dates import accepted_format
from extract.sources.bitrix24.dictionaries import OPTIONAL_DICTIONARIES, fields_of
from extract.sources.bitrix24.history import DEAL_HISTORY, LEAD_HISTORY
from extract.sources.bitrix24.items import COMPANIES, COMPANY, CONTACT, CONTACTS, DEAL, DEALS, LEAD, LEADS
from extract.sources.bitrix24.leads import has_no_leads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.http import Requester
    from extract.core.settings import Connection

LISTS = {
    **{kind.entity: kind.ids for kind in (DEALS, LEADS, CONTACTS, COMPANIES, ACTIVITIES, TASKS)},
    **{history.entity: history.listed for history in (DEAL_HISTORY, LEAD_HISTORY)},
}
COMMANDS = {
    **{entity: listed.command(0) for entity, listed in LISTS.items()},
    ADDRESSES.name: listed(CONTACT).command(0),
    "pipelines": Command("crm.category.list", {"entityTypeId": DEAL}),
    "statuses": Command("crm.status.list", {}),
    "users": Command("user.get", {}),
    "departments": Command("department.get", {}),
    "deal_fields": Command("crm.item.fields", {"entityTypeId": DEAL}),
    "lead_fields": Command("crm.item.fields", {"entityTypeId": LEAD}),
    "contact_fields": Command("crm.item.fields", {"entityTypeId": CONTACT}),
    "company_fields": Command("crm.item.fields", {"entityTypeId": COMPANY}),
    "currencies": Command("crm.currency.list", {}),
}
OPTIONAL = OPTIONAL_DICTIONARIES | {TASKS.entity, BINDINGS, ADDRESSES.name}
ABOUT_LEADS = {"leads", "lead_stage_history", "lead_fields"}


def probe(connection: Connection) -> list[Finding]:
    """Webhook and its owner, clock, rights per entity, quota, date filters."""
    portal = BitrixPortal(connection)
    try:
        return list(_findings(portal, portal.requester(), connection))
    finally:
        portal.close()


def _findings(portal: BitrixPortal, requester: Requester, connection: Connection) -> Iterator[Finding]:
    try:
        ahead = (portal.server_time() - datetime.now(UTC)).total_seconds()
    except SourceError as error:
        yield Finding("token", is_ok=False, detail=error.what, advice=error.next_step)
        return
    yield from _owner(portal, requester)
    yield clock("the portal", ahead)
    for entity, command in COMMANDS.items():
        if connection.entities is None or entity in connection.entities:
            yield _right(portal, requester, entity, command)
    yield _right_to_bindings(portal, requester)
    if connection.mappings.loss_reason or connection.mappings.competitor:
        yield from _mapped_fields(portal, requester, connection)
    yield Finding(
        "quota",
        is_ok=True,
        detail=f"{connection.requests_per_second or REQUESTS_PER_SECOND:g} requests a second,"
        f" {portal.execution.limit_seconds:g} s of execution per method in ten minutes",
    )
    yield _date_filter(portal, requester)


def _owner(portal: BitrixPortal, requester: Requester) -> Iterator[Finding]:
    try:
        profile = as_map(portal.call(requester, "profile", {})["result"])
    except SourceError:
        yield Finding("token", is_ok=True, detail="the webhook is accepted; whose it is remains unknown")
        return
    name = " ".join(str(profile.get(part) or "") for part in ("NAME", "LAST_NAME")).strip()
    yield Finding(
        "token", is_ok=True, detail=f"the webhook belongs to {name or 'user'} (id {profile.get('ID')})"
    )
    yield Finding(
        "administrator",
        is_ok=bool(profile.get("ADMIN")),
        detail="the owner is an administrator" if profile.get("ADMIN") else "the owner is no administrator",
        advice="Records the owner may not read are silently absent: let an administrator own the webhook.",
    )


def _right(portal: BitrixPortal, requester: Requester, entity: str, command: Command) -> Finding:
    try:
        portal.call(requester, command.method, command.params)
    except SourceError as error:
        if entity in ABOUT_LEADS and has_no_leads(portal, requester):
            return Finding(entity, is_ok=True, detail="the portal works without leads")
        is_needed = entity not in OPTIONAL
        return Finding(entity, is_ok=False, detail=error.what, advice=error.next_step, is_needed=is_needed)
    return Finding(entity, is_ok=True, detail="readable")


def _right_to_bindings(portal: BitrixPortal, requester: Requester) -> Finding:
    """Bindings are asked for by activity, so one that exists has to be found first."""
    command = COMMANDS["activities"]
    try:
        rows = ACTIVITIES.ids.rows(portal.call(requester, command.method, command.params)["result"])
    except SourceError as error:
        return Finding(BINDINGS, is_ok=False, detail=error.what, advice=error.next_step, is_needed=False)
    if not rows:
        return Finding(BINDINGS, is_ok=True, detail="there is no activity yet")
    return _right(portal, requester, BINDINGS, Command(BINDING_METHOD, {"activityId": rows[0]["ID"]}))


def _mapped_fields(portal: BitrixPortal, requester: Requester, connection: Connection) -> Iterator[Finding]:
    labels: dict[str, str] = {}
    for entity_type in (DEAL, LEAD):
        # What may not be read is told as a missing right already.
        with suppress(SourceError):
            labels |= {
                str(field.get("upperName") or name): str(field.get("title") or name)
                for name, field in fields_of(entity_type)(portal, requester).items()
                if name.upper().startswith("UF")
            }
    yield from mapped_fields(connection, labels)


def _date_filter(portal: BitrixPortal, requester: Requester) -> Finding:
    advice = "Every cycle will read all records."
    try:
        accepted = accepted_format(portal, requester, portal.server_time(), DEALS.ids, DEALS.changed)
        shape = accepted and accepted(datetime.now(UTC))
    except SourceError as error:
        return Finding("date filter", is_ok=False, detail=error.what, advice=error.next_step)
    if shape is None:
        return Finding("date filter", is_ok=False, detail="the portal ignores filters by date", advice=advice)
    return Finding("date filter", is_ok=True, detail=f"understands times like {shape}")
