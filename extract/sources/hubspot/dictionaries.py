"""Small lists, read whole in every cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.errors import MissingScopeError, NotAvailableError, RefusedRequestError
from extract.core.losses import dictionary_step
from extract.core.source import Step
from extract.sources.hubspot.api import DETAILS, PAGE, VERSION, get, pages, rows
from extract.sources.hubspot.errors import absent_if_refused
from extract.sources.hubspot.types import CALLS, COMPANIES, CONTACTS, DEALS, LEADS, ObjectType

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract.core.http import Requester
    from extract.core.source import Reading

TEAMS = "settings/users/2026-03/teams"  # later versions do not have it
Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Dictionary:
    """A stream of one dictionary; `fetch` gives its rows by their ids."""

    name: str
    fetch: Callable[[Requester], Rows]
    of: ObjectType | None = None
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return (self.name,)

    def read(self, reading: Reading) -> Iterator[Step]:
        """One full snapshot."""
        if self.of and not self.of.is_read_from(reading.connection):
            return
        with absent_if_refused(
            is_meant=self.of is LEADS and not reading.captures[self.name].alive().num_rows
        ):
            found = self.fetch(reading.requester)
        yield dictionary_step(reading, self.name, list(found), list(found.values()))


@dataclass(frozen=True)
class Pipelines:
    """The stream of the pipelines of deals and leads."""

    name: str = "pipelines"
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return (self.name,)

    def read(self, reading: Reading) -> Iterator[Step]:
        """One full snapshot; without leads in the account, one of the rest, for leads say so themselves."""
        found = _pipelines(reading.requester, DEALS)
        try:
            if LEADS.is_read_from(reading.connection):
                found |= _pipelines(reading.requester, LEADS)
        except (MissingScopeError, NotAvailableError, RefusedRequestError):
            step = dictionary_step(reading, self.name, list(found), list(found.values()))
            yield Step({self.name: _without_leads(step.pages[self.name])}, read=step.read)
            return
        yield dictionary_step(reading, self.name, list(found), list(found.values()))


def _pipelines(requester: Requester, type_: ObjectType) -> Rows:
    name = type_.name
    found = rows(requester, f"crm/pipelines/{VERSION}/{name}", f"pipelines of {name}")
    return {f"{name}:{row['id']}": {**row, "objectType": name} for row in found}


def _without_leads(page: pa.Table) -> pa.Table:
    """What is not shown any more may still exist."""
    is_kept = [not text.startswith(f"{LEADS.name}:") for text in page["id"].to_pylist()]
    return page.filter(pa.array(is_kept, pa.bool_()))


def _owners(requester: Requester) -> Rows:
    """Those who left too: closed deals are theirs."""
    found: Rows = {}
    for archived in ("true", "false"):
        params = {"limit": PAGE, "archived": archived}
        for page, _ in pages(requester, f"crm/owners/{VERSION}", "owners", params):
            found |= {str(row["id"]): row for row in page}
    return found


def _properties(type_: ObjectType) -> Callable[[Requester], Rows]:
    path, label = f"crm/properties/{VERSION}/{type_.name}", f"properties of {type_.name}"

    def fetch(requester: Requester) -> Rows:
        return {row["name"]: row for row in rows(requester, path, label, {"archived": "false"})}

    return fetch


def _teams(requester: Requester) -> Rows:
    return {str(row["id"]): row for row in rows(requester, TEAMS, "teams")}


def _exchange_rates(requester: Requester) -> Rows:
    path = f"settings/currencies/{VERSION}/exchange-rates"
    listed = pages(requester, path, "exchange rates", {"limit": PAGE})
    return {str(row["id"]): row for page, _ in listed for row in page}


def _account(requester: Requester) -> Rows:
    details = get(requester, DETAILS, "account details")
    if not details.get("companyCurrency"):
        path = f"settings/currencies/{VERSION}/company-currency"
        details["companyCurrency"] = get(requester, path, "company currency").get("id")
    return {"account": details}


DICTIONARIES = (
    Pipelines(),
    Dictionary("owners", _owners),
    Dictionary("teams", _teams),
    Dictionary("deal_properties", _properties(DEALS)),
    Dictionary("lead_properties", _properties(LEADS), of=LEADS),
    Dictionary("contact_properties", _properties(CONTACTS)),
    Dictionary("company_properties", _properties(COMPANIES)),
    Dictionary("call_properties", _properties(CALLS)),
    Dictionary("exchange_rates", _exchange_rates),
    Dictionary("account", _account),
)
