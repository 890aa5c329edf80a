"""What the dialects have in common: the calls they get, the answers they give, and the clock they go by."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import orjson

from simulator.faults import Fault, Faults, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulator.counters import Counters
    from simulator.model import World
    from simulator.options import Options


@dataclass(frozen=True)
class Call:
    """One HTTP request. `shift` asks for a page as if a row had been inserted before it meanwhile."""

    method: str
    path: str
    query: list[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes
    url_length: int = 0
    shift: int = 0


@dataclass
class Answer:
    """One HTTP response; `seconds` of modelled execution are slept through before it is sent."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    media_type: str = "application/json"
    seconds: float = 0.0
    error: str | None = None


class Portal(ABC):
    """One CRM account served from a world."""

    def __init__(
        self, world: World, options: Options, faults: Faults, counters: Counters, elapsed: Callable[[], float]
    ) -> None:
        self.world = world
        self.options = options
        self.faults = faults
        self.counters = counters
        self.elapsed = elapsed
        self.random = Random(f"{world.seed}:latency")
        self._reached = world.now, 0.0

    def now(self) -> datetime:
        """The server's time: the world's, plus what has passed since it got there."""
        if self._reached[0] != self.world.now:
            self._reached = self.world.now, self.elapsed()
        moment, reached_at = self._reached
        return moment + timedelta(seconds=self.elapsed() - reached_at)

    def latency(self) -> float:
        """How long the network takes this time."""
        given = self.options.latency_seconds
        return self.random.uniform(*given) if isinstance(given, tuple) else given

    @property
    @abstractmethod
    def path(self) -> str:
        """What follows host and port in the address that a user enters."""

    @abstractmethod
    def answer(self, call: Call) -> Answer:
        """Serve a request."""

    @abstractmethod
    def refusal(self, rule: Rule) -> Answer:
        """The body this CRM sends for an injected 429, 500 or 503."""

    @abstractmethod
    def label(self, path: str) -> str:
        """What requests of this path are counted under."""

    def series(self, call: Call) -> str:
        """Which list a page is of: a page that is served twice comes again in the place of one of these."""
        return self.label(call.path)

    @abstractmethod
    def is_offset_page(self, call: Call) -> bool:
        """Whether the request asks for a page by its offset, so that inserted rows would shift it."""

    @abstractmethod
    def quota_shares(self) -> dict[str, float]:
        """How much of each quota was used between the first request and the last; 1 is all of it."""


class Raw:
    """JSON that is already serialised; no dataclass, since orjson would serialise it anew."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data


def _default(value: Any) -> Any:
    if isinstance(value, Raw):
        return orjson.Fragment(value.data)
    raise TypeError(type(value))


def to_json(value: Any) -> bytes:
    """Serialise, taking serialised parts as they are."""
    return orjson.dumps(value, default=_default)


REFUSALS = {Fault.TOO_MANY_REQUESTS: 429, Fault.UNAVAILABLE: 503, Fault.SERVER_ERROR: 500}
