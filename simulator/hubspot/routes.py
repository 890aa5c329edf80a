"""The paths of the API, in their dated and in their numbered forms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.bitrix24.records import filler
from simulator.hubspot import dictionaries, errors
from simulator.hubspot.associations import Associations, stamped
from simulator.hubspot.deals import ENVELOPE_BYTES
from simulator.hubspot.definitions import definitions
from simulator.hubspot.errors import invalid, missing_scope, not_found
from simulator.hubspot.facts import Facts
from simulator.hubspot.objects import Objects, Reply, json_body, partial_status
from simulator.hubspot.oddities import absence
from simulator.hubspot.records import Index
from simulator.hubspot.types import object_types
from simulator.identifiers import hubspot as ids

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.model import World
    from simulator.options import Options
    from simulator.portal import Call

VERSION = r"(?P<version>20\d\d-\d\d)"
VERSIONS = frozenset({"2025-09", "2026-03", "2026-09"})
TYPE, TO_TYPE = r"(?P<type>[a-z_]+|\d+-\d+)", r"(?P<to>[a-z_]+|\d+-\d+)"
WITH_PIPELINES = ("deals", "leads")
OWNERS_LIMIT, RATES_LIMIT = 500, 100
OWNERS, CURRENCIES = "crm.objects.owners.read", "settings.currencies.read"
TEAMS, ACCOUNT = "settings.users.teams.read", "oauth"

Serve = Callable[["Call", "re.Match[str]"], Reply]
Scopes = Callable[["re.Match[str]"], tuple[str, ...]]


@dataclass(frozen=True)
class Route:
    """A kind of path, how it is asked for, the scopes it needs, and what serves it."""

    pattern: re.Pattern[str]
    method: str
    scopes: Scopes
    serve: Serve


class Routes:
    """Finds what serves a request."""

    def __init__(
        self, world: World, options: Options, now: Callable[[], datetime], usage: Callable[[], dict[str, Any]]
    ) -> None:
        self.world = world
        self.options = options
        self.now = now
        self.usage = usage
        facts = Facts(world)
        types = object_types(world)
        self.by_name = {
            name: Objects(Index(world, type_, facts, self._padding(name)), options, now)
            for name, type_ in types.items()
        }
        self.by_type = self.by_name | {type_.type_id: self.by_name[name] for name, type_ in types.items()}
        self.objects = self.by_name["deals"]
        indexes = {name: objects.index for name, objects in self.by_name.items()}
        self.associations = Associations(indexes, facts)
        self.table = [*self._object_routes(), *self._other_routes()]

    def _padding(self, name: str) -> str | None:
        size = self.options.payload_bytes
        return None if size is None or name != "deals" else filler(size - ENVELOPE_BYTES)

    def _object_routes(self) -> list[Route]:
        objects = rf"/crm/(?:objects/{VERSION}|v3/objects)/{TYPE}"
        linked = rf"/crm/(?:associations/{VERSION}|v4/associations)/{TYPE}/{TO_TYPE}/batch/read"
        pipelines = rf"/crm/(?:pipelines/{VERSION}|v3/pipelines)/{TYPE}"
        schemas = rf"/crm/(?:properties/{VERSION}|v3/properties)/{TYPE}"
        return [
            _route(objects, "GET", self._scope, self._of_type(Objects.list)),
            _route(objects + "/search", "POST", self._scope, self._of_type(Objects.search)),
            _route(objects + "/batch/read", "POST", self._scope, self._of_type(Objects.batch_read)),
            _route(objects + r"/(?P<id>\d+)", "GET", self._scope, self._of_type(Objects.get)),
            _route(linked, "POST", self._both_scopes, self._associations),
            _route(pipelines, "GET", self._scope, self._pipelines),
            _route(schemas, "GET", self._schema_scope, self._properties),
        ]

    def _other_routes(self) -> list[Route]:
        money = rf"/settings/(?:currencies/{VERSION}|v3/currencies)"
        account = rf"/account-info/(?:{VERSION}|v3)"
        teams = r"/settings/(?:users/(?P<version>2026-03)|v3/users)/teams"
        return [
            _route(rf"/crm/(?:owners/{VERSION}|v3/owners)", "GET", _needs(OWNERS), self._owners),
            _route(teams, "GET", _needs(TEAMS), self._teams),
            _route(money + "/company-currency", "GET", _needs(CURRENCIES), self._company_currency),
            _route(money + "/exchange-rates", "GET", _needs(CURRENCIES), self._rates),
            _route(money + "/exchange-rates/current", "GET", _needs(CURRENCIES), self._current_rates),
            _route(account + "/details", "GET", _needs(ACCOUNT), self._account),
            _route(account + "/api-usage/daily/private-apps", "GET", _needs(), self._api_usage),
        ]

    def serve(self, call: Call) -> Reply:
        """Serve a request, or refuse it."""
        path = call.path.rstrip("/")
        for route in self.table:
            found = route.pattern.fullmatch(path)
            if found is None:
                continue
            if found["version"] is not None and found["version"] not in VERSIONS:
                raise not_found()
            lacking = [scope for scope in route.scopes(found) if scope in self.options.missing_scopes]
            if lacking:
                raise missing_scope(lacking[0])
            if route.method != call.method:
                raise errors.HubSpotError(405, None, "Method Not Allowed")
            return route.serve(call, found)
        raise not_found()

    def _objects(self, name: str) -> Objects:
        """The objects of a type; other types are not in this account's plan."""
        if name == "leads" and self.options.lead_refusal:
            raise absence(self.options.lead_refusal)
        if name not in self.by_type:
            raise missing_scope(f"crm.objects.{name}.read")
        return self.by_type[name]

    def _scope(self, found: re.Match[str]) -> tuple[str, ...]:
        return (self._objects(found["type"]).index.type.scope,)

    def _schema_scope(self, found: re.Match[str]) -> tuple[str, ...]:
        return (self._objects(found["type"]).index.type.schema_scope,)

    def _both_scopes(self, found: re.Match[str]) -> tuple[str, ...]:
        return tuple(self._objects(found[group]).index.type.scope for group in ("type", "to"))

    def _of_type(self, read: Callable[[Objects, Call, re.Match[str]], Reply]) -> Serve:
        def serve(call: Call, found: re.Match[str]) -> Reply:
            objects = self._objects(found["type"])
            objects.index.refresh()
            return read(objects, call, found)

        return serve

    def _associations(self, call: Call, found: re.Match[str]) -> Reply:
        self.associations.refresh()
        names = (self._objects(found["type"]).index.type.name, self._objects(found["to"]).index.type.name)
        inputs = json_body(call).get("inputs", [])
        body = self.associations.read(names, inputs, self.options.associations_page)
        return Reply(stamped(body, self.now()), partial_status(found, has_errors="errors" in body))

    def _pipelines(self, _call: Call, found: re.Match[str]) -> Reply:
        name = self._objects(found["type"]).index.type.name
        if name not in WITH_PIPELINES:
            return Reply({"results": []})
        is_of_leads = name == "leads"
        rows = dictionaries.lead_pipelines(self.world) if is_of_leads else self._deal_pipelines()
        return Reply({"results": rows})

    def _deal_pipelines(self) -> list[dict[str, Any]]:
        return dictionaries.pipelines(self.world, self.now())

    def _teams(self, _call: Call, _found: re.Match[str]) -> Reply:
        return Reply({"results": dictionaries.teams(self.world, self.now())})

    def _owners(self, call: Call, _found: re.Match[str]) -> Reply:
        query = dict(call.query)
        rows = dictionaries.owners(self.world, self.now(), is_archived=query.get("archived") == "true")
        if "email" in query:
            rows = [row for row in rows if row["email"] == query["email"]]
        return _page(rows, query, most=OWNERS_LIMIT, default=100)

    def _properties(self, call: Call, found: re.Match[str]) -> Reply:
        if dict(call.query).get("archived") == "true":
            return Reply({"results": []})
        has_padding = self.options.payload_bytes is not None
        name = self._objects(found["type"]).index.type.name
        defined = definitions(self.world, name, has_padding=has_padding)
        is_all = self.options.lists_calculated
        return Reply({"results": [row for row in defined if is_all or not row["calculated"]]})

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


def _route(pattern: str, method: str, scopes: Scopes, serve: Serve) -> Route:
    return Route(re.compile(pattern), method, scopes, serve)


def _needs(*scopes: str) -> Scopes:
    return lambda _found: scopes


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
