"""A way to call portals that answer at once and, unless a test says so, never run out of quota."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests

from simulator.options import Options
from simulator.server import RunningPortal, serve
from simulator.world import make_world

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

PLENTY = 1e6
VERSION = "2026-03"


class Caller:
    """Calls a running portal with one pooled session."""

    def __init__(self, running: RunningPortal) -> None:
        self.running = running
        self.session = requests.Session()
        if running.token is not None:
            self.session.headers["Authorization"] = f"Bearer {running.token}"

    def bitrix(self, method: str, **parameters: Any) -> requests.Response:
        return self.session.post(self.running.url + method, json=parameters, timeout=10)

    def items(self, **parameters: Any) -> list[dict[str, Any]]:
        wanted = {
            "entityTypeId": 2,
            "useOriginalUfNames": "Y",
            "order": {"id": "ASC"},
            "start": -1,
        } | parameters
        items: list[dict[str, Any]] = self.bitrix("crm.item.list", **wanted).json()["result"]["items"]
        return items

    def walk(self, method: str, key: str, **parameters: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while True:
            filters = {f">{key}": rows[-1][key] if rows else 0}
            body = {"entityTypeId": 2, "order": {key: "ASC"}, "filter": filters, "start": -1} | parameters
            page = self.bitrix(method, **body).json()["result"]["items"]
            rows += page
            if len(page) < 50:
                return rows

    def hubspot(self, path: str, **query: Any) -> requests.Response:
        return self.session.get(self.running.url + path.format(V=VERSION), params=query, timeout=10)

    def hubspot_post(self, path: str, body: Any) -> requests.Response:
        return self.session.post(self.running.url + path.format(V=VERSION), json=body, timeout=10)

    def deals(self, **query: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        after: str | None = None
        while True:
            page = self.hubspot("/crm/objects/{V}/deals", **query, after=after).json()
            rows += page["results"]
            if "paging" not in page:
                return rows
            after = page["paging"]["next"]["after"]


def portal(
    crm: str, *, size: float = 0.03, seed: int = 1, quota_factor: float = PLENTY, **settings: Any
) -> AbstractContextManager[RunningPortal]:
    options = Options(**settings)
    return serve(make_world(seed, size), crm, quota_factor=quota_factor, latency_seconds=0, options=options)
