"""Calls and batches of one Bitrix24 portal."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pydantic import SecretStr

from extract.core.clock import parse_time
from extract.core.errors import (
    AuthenticationError,
    MissingScopeError,
    NotAvailableError,
    RefusedRequestError,
    SourceError,
    UnreadableReplyError,
)
from extract.core.http import HttpClient, Request
from extract.core.limits import LimitMeter, RateLimit
from extract.sources.bitrix24.errors import OperationTimeError, explain, judge
from extract.sources.bitrix24.pacing import LIMIT_SECONDS, WINDOW_SECONDS, ExecutionTime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from extract.core.http import Requester
    from extract.core.settings import Connection

REQUESTS_PER_SECOND = 2.0  # every plan but Enterprise
ENTERPRISE_PER_SECOND = 5.0
BURST_SECONDS = 22.0  # the bucket holds 25 seconds' worth
LONGEST_BATCH = 50
# Every answer tells the time, but which of these methods a webhook may call depends on portal and scopes.
CLOCKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("server.time", {}),
    ("profile", {}),
    ("crm.settings.mode.get", {}),
    ("crm.category.list", {"entityTypeId": 2}),
)
CLOCK_TOLERANCE = timedelta(seconds=2)


@dataclass(frozen=True)
class Command:
    """One call inside a batch."""

    method: str
    params: Mapping[str, Any]

    def query(self) -> str:
        """As `method?name[key]=value`."""
        pairs = "&".join(f"{quote(name)}={quote(value)}" for name, value in flatten(self.params))
        return f"{self.method}?{pairs}"


@dataclass(frozen=True)
class Answer:
    """The answer to one command: a result, or an error."""

    result: Any = None
    error: tuple[Any, str] | None = None


def flatten(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Nested parameters as PHP reads them from a query."""
    if isinstance(value, dict):
        items: Any = value.items()
    elif isinstance(value, list | tuple):
        items = enumerate(value)
    else:
        yield name, str(value)
        return
    for key, inner in items:
        yield from flatten(inner, f"{name}[{key}]" if name else str(key))


def as_map(value: Any) -> dict[str, Any]:
    """A map; PHP sends an empty one as an empty list."""
    return value if isinstance(value, dict) else {}


def is_yes(value: Any) -> bool:
    """Whether a flag is set: Y, or in the way of some methods and portals true or 1."""
    return str(value).lower() in {"y", "true", "1"}


class BitrixPortal:
    """An open connection to one portal."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        secret = connection.url.get_secret_value().rstrip("/").rpartition("/")[2]
        per_second = connection.requests_per_second or REQUESTS_PER_SECOND
        self._limit = RateLimit(per_second, 1.0, burst=int(per_second * BURST_SECONDS))
        self._client = HttpClient(connection, [SecretStr(secret)], {"main": self._limit}, judge)
        # No real portal allows more than 5 requests a second: beyond that it is a test with larger quotas.
        limit_seconds = LIMIT_SECONDS * max(1.0, per_second / ENTERPRISE_PER_SECOND)
        self.execution = ExecutionTime(self._client.sleep, limit_seconds)
        self.formats: dict[str, Any] = {}  # of dates in filters, by method; found out once
        self._probing: dict[str, threading.Lock] = {}
        self._refused: dict[str, SourceError] = {}

    def requester(self) -> Requester:
        """A door for one stream."""
        return self._client.requester()

    def probing(self, method: str) -> threading.Lock:
        """Held while it is found out what a method understands; a blocked method holds up no other."""
        return self._probing.setdefault(method, threading.Lock())

    def refuse(self, entity: str, error: SourceError) -> None:
        """Note that an entity which lands beside another may not be read."""
        error.entities = frozenset({entity})
        self._refused[entity] = error

    def raise_refused(self, entities: tuple[str, ...]) -> None:
        """Raise what was noted of one of these."""
        for entity in entities:
            if entity in self._refused:
                raise self._refused[entity]

    def stop(self) -> None:
        """Let no request begin and no wait go on."""
        self._client.stop()

    def close(self) -> None:
        """Close pooled connections."""
        self._client.close()

    def server_time(self) -> datetime:
        """The server's clock; also proves that the webhook is accepted."""
        refusals = []
        for method, params in CLOCKS:
            try:
                return server_time_of(self.call(self.requester(), method, params))
            except (NotAvailableError, MissingScopeError, RefusedRequestError) as error:
                refusals.append(error)
        first = refusals[0]
        raise AuthenticationError(
            f"the webhook may not even ask for the time: {first.what}", first.where, first.next_step
        )

    def share_meter(self) -> Callable[[], float]:
        """The share of the binding limit used: requests, or execution time of the busiest method."""
        requests, spent, started = LimitMeter(self._limit), self.execution.spent(), time.monotonic()

        def share() -> float:
            allowed = self.execution.limit_seconds / WINDOW_SECONDS * (time.monotonic() - started)
            used = [total - spent.get(method, 0.0) for method, total in self.execution.spent().items()]
            return min(1.0, max(requests.share(), max(used, default=0.0) / allowed))

        return share

    def call(self, requester: Requester, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method; the whole envelope."""
        while True:
            try:
                with self.execution.room_for(method, 1):
                    reply = requester.send(Request("POST", method, method, body=dict(params)))
            except OperationTimeError:
                if not self.execution.refused(method):
                    raise
                continue
            body: dict[str, Any] = reply.body
            self.execution.note(method, body.get("time"))
            return body

    def batch(self, requester: Requester, commands: list[Command], *, halt: bool) -> list[Answer]:
        """Run up to 50 commands; with `halt` the answers end at the first error."""
        body = {
            "halt": int(halt),
            "cmd": {f"c{number}": command.query() for number, command in enumerate(commands)},
        }
        label = f"batch of {commands[0].method}"
        reply = requester.send(Request("POST", "batch", label, body=body))
        result = as_map(reply.body["result"])
        results, errors = result.get("result"), as_map(result.get("result_error"))
        self._note_times(commands, as_map(result.get("result_time")), as_map(reply.body.get("time")))
        return list(_answers(results, errors, len(commands)))

    def _note_times(
        self, commands: list[Command], times: Mapping[str, Any], whole: Mapping[str, Any]
    ) -> None:
        for number, command in enumerate(commands):
            told = times.get(f"c{number}")
            if isinstance(told, dict):
                self.execution.note(command.method, {"finish": whole.get("finish")} | told)

    def wait_or_raise(self, command: Command, error: tuple[Any, str]) -> None:
        """Sleep off a limit met inside a batch; raise anything else."""
        where = f"connection {self.connection.name!r}, {command.method} in a batch"
        meaning = explain(400, error[0], error[1], where)
        if isinstance(meaning, OperationTimeError) and self.execution.refused(command.method):
            return
        raise meaning


def _answers(results: Any, errors: Mapping[str, Any], count: int) -> Iterator[Answer]:
    for number in range(count):
        key = f"c{number}"
        failed = errors.get(key)
        if failed is not None:
            details = as_map(failed)
            yield Answer(error=(details.get("error"), str(details.get("error_description") or failed)))
        elif isinstance(results, dict) and key in results:
            yield Answer(result=results[key])
        elif isinstance(results, list) and number < len(results):
            yield Answer(result=results[number])
        else:
            return


def server_time_of(body: Mapping[str, Any]) -> datetime:
    """The moment at which the server began to answer.

    The number has fractions, but the text is by the clock that also dates the records, should they differ.
    """
    times = as_map(body.get("time"))
    start, text = times.get("start"), times.get("date_start")
    exact = datetime.fromtimestamp(start, UTC) if isinstance(start, int | float) else None
    told = parse_time(text) if isinstance(text, str) else None
    if exact and (told is None or abs(exact - told) < CLOCK_TOLERANCE):
        return exact
    if told is None:
        raise UnreadableReplyError(
            "the reply tells no server time.", "Bitrix24", "Check url in connections.yml."
        )
    return told
