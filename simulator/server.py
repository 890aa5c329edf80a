"""Serves a world in the dialect of a CRM on loopback, from a thread of this process."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Thread
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import uvicorn

from simulator.application import Application
from simulator.bitrix24 import Bitrix24Portal
from simulator.counters import Counters
from simulator.faults import Faults
from simulator.hubspot import HubSpotPortal
from simulator.identifiers import bitrix24
from simulator.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulator.model import World
    from simulator.portal import Portal

PORTALS: dict[str, type[Portal]] = {"bitrix24": Bitrix24Portal, "hubspot": HubSpotPortal}
MAPPINGS = {
    "bitrix24": {"loss_reason": bitrix24.LOSS_REASON_FIELD, "competitor": bitrix24.COMPETITOR_FIELD},
    "hubspot": {"competitor": "competitor_name"},
}
START_SECONDS = 10.0


@dataclass(frozen=True)
class RunningPortal:
    """A portal that can be called; `url` and `token` are what a user would enter for it."""

    crm: str
    url: str
    token: str | None
    world: World
    faults: Faults
    counters: Counters
    portal: Portal

    @property
    def connection_settings(self) -> dict[str, Any]:
        """What stands in the settings of a connection to it."""
        settings: dict[str, Any] = {"crm": self.crm, "url": self.url, "timezone": self.world.timezone}
        settings["mappings"] = MAPPINGS[self.crm]
        return settings if self.token is None else settings | {"token": self.token}

    def advance(self, days: int) -> None:
        """Let days of work happen while it is served."""
        self.world.advance(days)

    def quota_shares(self) -> dict[str, float]:
        """How much of each quota has been used so far."""
        return self.portal.quota_shares()


@contextmanager
def serve(  # noqa: PLR0913  the common settings by name, the rest in `options`
    world: World,
    crm: str,
    *,
    quota_factor: float = 1.0,
    latency_seconds: float | tuple[float, float] = (0.2, 0.3),
    faults: Faults | None = None,
    port: int = 0,
    payload_bytes: int | None = None,
    options: Options | None = None,
) -> Iterator[RunningPortal]:
    """Serve `world` as `crm` until the block ends; `options` holds the rarer settings."""
    chosen = replace(
        options or Options(),
        quota_factor=quota_factor,
        latency_seconds=latency_seconds,
        payload_bytes=payload_bytes,
    )
    began = monotonic()
    faults = faults or Faults()
    counters = Counters()
    portal = PORTALS[crm](world, chosen, faults, counters, lambda: monotonic() - began)
    with _listening(port) as listener, _running(Application(portal), listener):
        host, bound_port = listener.getsockname()
        url = f"http://{host}:{bound_port}{portal.path}"
        token = chosen.key if crm == "hubspot" else None
        yield RunningPortal(crm, url, token, world, faults, counters, portal)


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        yield listener


@contextmanager
def _running(application: Application, listener: socket.socket) -> Iterator[None]:
    config = uvicorn.Config(
        application.routes(),
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="off",
        date_header=False,
        timeout_keep_alive=60,
    )
    server = uvicorn.Server(config)
    thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    give_up_at = monotonic() + START_SECONDS
    while not server.started and monotonic() < give_up_at:
        sleep(0.005)
    try:
        yield
    finally:
        application.is_closing = True
        server.should_exit = server.force_exit = True
        thread.join(timeout=START_SECONDS)
        for crash in application.crashes:
            raise crash
