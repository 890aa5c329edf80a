"""Small lists, read whole in every cycle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from extract.core.losses import dictionary_step
from extract.sources.hubspot.api import PAGE, VERSION, get, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from extract.core.http import Requester
    from extract.core.source import Reading, Step

Rows = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Dictionary:
    """A stream of one dictionary; `fetch` gives its rows by their ids."""

    name: str
    fetch: Callable[[Requester], Rows]
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return (self.name,)

    def read(self, reading: Reading) -> Iterator[Step]:
        """One full snapshot."""
        rows = self.fetch(reading.requester)
        yield dictionary_step(reading, self.name, list(rows), list(rows.values()))


def _pipelines(requester: Requester) -> Rows:
    rows = get(requester, f"crm/pipelines/{VERSION}/deals", "pipelines of deals").get("results", [])
    return {f"deals:{row['id']}": {**row, "objectType": "deals"} for row in rows}


def _owners(requester: Requester) -> Rows:
    """Those who left too: closed deals are theirs."""
    rows: Rows = {}
    for archived in ("true", "false"):
        params = {"limit": PAGE, "archived": archived}
        for page, _ in pages(requester, f"crm/owners/{VERSION}", "owners", params):
            rows |= {str(row["id"]): row for row in page}
    return rows


def _deal_properties(requester: Requester) -> Rows:
    params = {"archived": "false"}
    rows = get(requester, f"crm/properties/{VERSION}/deals", "properties of deals", params).get("results", [])
    return {row["name"]: row for row in rows}


def _exchange_rates(requester: Requester) -> Rows:
    path = f"settings/currencies/{VERSION}/exchange-rates"
    listed = pages(requester, path, "exchange rates", {"limit": PAGE})
    return {str(row["id"]): row for page, _ in listed for row in page}


def _account(requester: Requester) -> Rows:
    details = get(requester, f"account-info/{VERSION}/details", "account details")
    if not details.get("companyCurrency"):
        path = f"settings/currencies/{VERSION}/company-currency"
        details["companyCurrency"] = get(requester, path, "company currency").get("id")
    return {"account": details}


DICTIONARIES = (
    Dictionary("pipelines", _pipelines),
    Dictionary("owners", _owners),
    Dictionary("deal_properties", _deal_properties),
    Dictionary("exchange_rates", _exchange_rates),
    Dictionary("account", _account),
)
