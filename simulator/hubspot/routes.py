"""The paths of the API, in their dated and in their numbered forms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.hubspot import dictionaries, errors
from simulator.hubspot.definitions import definitions, property_types
from simulator.hubspot.errors import invalid, missing_scope, not_found
from simulator.hubspot.objects import Objects, Reply
from simulator.hubspot.records import Index
from simulator.identifiers import hubspot as ids

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from simulator.model import World
    from simulator.options import Options
    from simulator.portal import Call

VERSION = r"(?P<version>20\d\d-\d\d)"
VERSIONS = frozenset({"2025-09", "2026-03", "2026-09"})
DEALS = r"(?:deals|0-3)"
OWNERS_LIMIT, RATES_LIMIT = 500, 100


@dataclass(frozen=True)
class Route:
    """A kind of path, how it is asked for, the scope it needs, and what serves it."""

    pattern: re.Pattern[str]
    method: str
    scope: str | None
    serve: Callable[[Call, re.Match[str]], Reply]


class Routes:
    """Finds what serves a request."""

    def __init__(
        self, world: World, options: Options, now: Callable[[], datetime], usage: Callable[[], dict[str, Any]]
    ) -> None:
        self.world = world
        self.options = options
        self.now = now
        self.usage = usage
        types = property_types(world)
        self.index = Index(world, frozenset(types), options.payload_bytes)
        self.index.refresh()
        self.objects = Objects(self.index, types, options, now)
        deals, schemas = "crm.objects.deals.read", "crm.schemas.deals.read"
        owners, currencies = "crm.objects.owners.read", "settings.currencies.read"
        objects = rf"/crm/(?:objects/{VERSION}|v3/objects)/{DEALS}"
        money = rf"/settings/(?:currencies/{VERSION}|v3/currencies)"
        account = rf"/account-info/(?:{VERSION}|v3)"
        self.table = [
            _route(objects, "GET", deals, self.objects.list),
            _route(objects + "/search", "POST", deals, self.objects.search),
            _route(objects + "/batch/read", "POST", deals, self.objects.batch_read),
            _route(objects + r"/(?P<id>\d+)", "GET", deals, self.objects.get),
            _route(rf"/crm/(?:pipelines/{VERSION}|v3/pipelines)/{DEALS}", "GET", deals, self._pipelines),
            _route(rf"/crm/(?:owners/{VERSION}|v3/owners)", "GET", owners, self._owners),
            _route(rf"/crm/(?:properties/{VERSION}|v3/properties)/{DEALS}", "GET", schemas, self._properties),
            _route(money + "/company-currency", "GET", currencies, self._company_currency),
            _route(money + "/exchange-rates", "GET", currencies, self._rates),
            _route(money + "/exchange-rates/current", "GET", currencies, self._current_rates),
            _route(account + "/details", "GET", None, self._account),
            _route(account + "/api-usage/daily/private-apps", "GET", None, self._api_usage),
        ]

    def serve(self, call: Call) -> Reply:
        """Serve a request, or refuse it."""
        self.index.refresh()
        path = call.path.rstrip("/")
        for route in self.table:
            found = route.pattern.fullmatch(path)
            if found is None:
                continue
            if found["version"] is not None and found["version"] not in VERSIONS:
                raise not_found()
            if route.scope in self.options.missing_scopes:
                raise missing_scope(str(route.scope))
            if route.method != call.method:
                raise errors.HubSpotError(405, None, "Method Not Allowed")
            return route.serve(call, found)
        other = re.match(r"/crm/(?:objects/20\d\d-\d\d|v3/objects)/([a-z_]+)", path)
        raise missing_scope(f"crm.objects.{other[1]}.read") if other else not_found()

    def _pipelines(self, _call: Call, _found: re.Match[str]) -> Reply:
        return Reply({"results": dictionaries.pipelines(self.world, self.now())})

    def _owners(self, call: Call, _found: re.Match[str]) -> Reply:
        query = dict(call.query)
        rows = dictionaries.owners(self.world, self.now(), is_archived=query.get("archived") == "true")
        if "email" in query:
            rows = [row for row in rows if row["email"] == query["email"]]
        return _page(rows, query, most=OWNERS_LIMIT, default=100)

    def _properties(self, call: Call, _found: re.Match[str]) -> Reply:
        if dict(call.query).get("archived") == "true":
            return Reply({"results": []})
        has_padding = self.options.payload_bytes is not None
        return Reply({"results": definitions(self.world, has_padding=has_padding)})

    def _company_currency(self, _call: Call, _found: re.Match[str]) -> Reply:
        return Reply({"id": self.world.base_currency, "createdAt": ids.instant_text(self.world.start)})

    def _rates(self, call: Call, _found: re.Match[str]) -> Reply:
        query = dict(call.query)
        rows = dictionaries.exchange_rates(self.world, self.now())
        for key in ("fromCurrencyCode", "toCurrencyCode"):
            if key in query:
                rows = [row for row in rows if row[key] == query[key]]
        return _page(rows, query, most=RATES_LIMIT, default=100)

    def _current_rates(self, _call: Call, _found: re.Match[str]) -> Reply:
        return Reply({"results": dictionaries.current_rates(self.world, self.now())})

    def _account(self, _call: Call, _found: re.Match[str]) -> Reply:
        return Reply(dictionaries.account(self.world, self.now()))

    def _api_usage(self, _call: Call, _found: re.Match[str]) -> Reply:
        usage = self.usage() | {"collectedAt": ids.instant_text(self.now()), "fetchStatus": "SUCCESS"}
        return Reply({"results": [usage]})


def _route(
    pattern: str, method: str, scope: str | None, serve: Callable[[Call, re.Match[str]], Reply]
) -> Route:
    return Route(re.compile(pattern), method, scope, serve)


def _page(rows: list[dict[str, Any]], query: dict[str, str], *, most: int, default: int) -> Reply:
    limit = int(query.get("limit", default))
    if not 0 < limit <= most:
        raise invalid(f"limit must be between 1 and {most}")
    try:
        begin = int(query.get("after") or 0)
    except ValueError as error:
        raise invalid("Invalid paging cursor.") from error
    body: dict[str, Any] = {"results": rows[begin : begin + limit]}
    if begin + limit < len(rows):
        after = str(begin + limit)
        body["paging"] = {"next": {"after": after, "link": f"?after={after}"}}
    return Reply(body)
