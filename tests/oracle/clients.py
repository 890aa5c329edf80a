"""Whose each deal and lead is, where it came from, and whether that client had come before."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.channels import channel_of

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.visible_records import VisibleClient
    from tests.oracle.inputs import Connection, Row
    from tests.oracle.records import Deal, Lead

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
Client = tuple[str, str]
Places = dict[str | None, tuple[str | None, str | None, str | None]]


def places(connections: list[Connection]) -> Places:
    """Country, region and city of everybody who may be a client, by key."""
    found: Places = {}
    for connection in connections:
        newest = connection.portal.captures[-1]
        for record_type, clients in (("contact", newest.contacts), ("company", newest.companies)):
            shown = {key: client.place for key, client in clients.items() if not client.is_own}
            found |= {connection.key(record_type, key): place for key, place in shown.items()}
    return found


class Book:
    """The clients of one connection and all that they had to do with it."""

    def __init__(self, connection: Connection, deals: list[Deal], leads: list[Lead]) -> None:
        self.connection = connection
        newest = connection.portal.captures[-1]
        self.contacts = newest.contacts
        self.companies = {key: shown for key, shown in newest.companies.items() if not shown.is_own}
        self.leads = {lead.native_id: lead for lead in leads if lead.exists}
        self._enquiries: dict[Client, list[datetime]] = defaultdict(list)
        self._wins: dict[Client, list[tuple[str, datetime]]] = defaultdict(list)
        everybody: list[Deal | Lead] = [*deals, *leads]
        for record in everybody:
            if record.exists:
                self._note(record)

    def _note(self, record: Deal | Lead) -> None:
        won = [stay.began_at for stay in record.stays if stay.stage.kind is StageKind.WON]
        for client in (*self._companies(record), *self._contacts(record)):
            self._enquiries[client].append(record.created_at)
            if record.record_type == "deal":
                self._wins[client] += [(record.key, at) for at in won]

    def _companies(self, record: Deal | Lead) -> list[Client]:
        return [("company", key) for key in record.newest.links.companies if key in self.companies]

    def _contacts(self, record: Deal | Lead) -> list[Client]:
        return [("contact", key) for key in record.newest.links.contacts if key in self.contacts]

    def origin(self, record: Deal | Lead) -> Row:
        """Everything that its client and its source say."""
        client = next(iter((*self._companies(record), *self._contacts(record))), None)
        lead = self._lead_of(record)
        source = self._source(record, lead)
        utm = dict(zip(UTM, record.newest.utm, strict=True))
        row: Row = {
            "client_key": None if client is None else self.connection.key(*client),
            "source_key": self.connection.key("source", source),
            "source_name": record.directory.source_name(source),
            "channel": channel_of(source, utm),
            "is_repeat": self._is_repeat(record),
            "is_repeat_in_crm": record.newest.is_repeat_in_crm,
        }
        row["client_name"] = None if client is None else self._shown(client).name
        if record.record_type == "deal":
            row["lead_key"] = None if lead is None else lead.key
        return row | utm

    def _shown(self, client: Client) -> VisibleClient:
        return (self.companies if client[0] == "company" else self.contacts)[client[1]]

    def _lead_of(self, record: Deal | Lead) -> Lead | None:
        found = sorted(key for key in record.newest.links.leads if key in self.leads)
        return self.leads[found[0]] if found else None

    def _source(self, record: Deal | Lead, lead: Lead | None) -> str | None:
        contacts = [self.contacts[key].source_id for _, key in self._contacts(record)[:1]]
        known = (record.newest.source_id, self._source(lead, None) if lead else None, *contacts)
        return next((source for source in known if source), None)

    def _is_repeat(self, record: Deal | Lead) -> bool:
        if self.connection.repeat == "crm":
            return bool(record.newest.is_repeat_in_crm)
        shared = self._companies(record)[:1] or self._contacts(record)
        if record.record_type == "lead":
            return any(at < record.created_at for client in shared for at in self._enquiries[client])
        return any(
            at < record.created_at and key != record.key
            for client in shared
            for key, at in self._wins[client]
        )
