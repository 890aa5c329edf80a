"""Calls to one HubSpot account."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from extract.core.errors import MissingScopeError, NotAvailableError, UnreadableReplyError
from extract.core.http import HttpClient, Reply, Request
from extract.core.limits import LimitMeter, RateLimit
from extract.sources.hubspot.errors import judge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from extract.core.http import Requester
    from extract.core.settings import Connection

VERSION = "2026-03"
DETAILS = f"account-info/{VERSION}/details"
PER_TEN_SECONDS = 100  # the smallest plan's, until a header tells the account's own
SEARCHES_PER_SECOND = 5.0
ASSOCIATIONS_PER_SECOND = 10.0  # exempt from the limit of ten seconds; this is our own measure
WINDOW_SECONDS = 10.0
BURST_SHARE = 0.02
PAGE = 100
REPEATS = 4
RESULTS = "results"


class HubSpotPortal:
    """An open connection to one account."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        token = connection.token or SecretStr("")
        self._has_own_rate = connection.requests_per_second is not None
        requests = (connection.requests_per_second or PER_TEN_SECONDS / WINDOW_SECONDS) * WINDOW_SECONDS
        self._limit = RateLimit(requests, WINDOW_SECONDS, _burst(requests))
        factor = requests / PER_TEN_SECONDS if self._has_own_rate else 1.0
        search = RateLimit(SEARCHES_PER_SECOND * factor, 1.0, burst=1)
        associations = RateLimit(ASSOCIATIONS_PER_SECOND * factor, 1.0, burst=2)
        self._client = HttpClient(
            connection,
            [token],
            {"main": self._limit, "search": search, "associations": associations},
            self._judge,
            {"Authorization": SecretStr(f"Bearer {token.get_secret_value()}")},
        )

    def _judge(self, reply: Reply, where: str) -> None:
        self._adopt(reply.headers)
        judge(reply, where)

    def _adopt(self, headers: Mapping[str, str]) -> None:
        """Take on the account's own limit, unless the settings name one."""
        told, interval = (
            headers.get("X-HubSpot-RateLimit-Max", ""),
            headers.get("X-HubSpot-RateLimit-Interval-Milliseconds", ""),
        )
        is_told = told.isdigit() and interval.isdigit() and int(told) > 0 and int(interval) > 0
        if self._has_own_rate or not is_told:
            return
        seconds = int(interval) / 1000
        if abs(int(told) / seconds - self._limit.per_second) > 0.01:
            self._limit.adopt(int(told), seconds, _burst(int(told)))

    def requester(self) -> Requester:
        """A door for one stream."""
        return self._client.requester()

    def stop(self) -> None:
        """Let no request begin and no wait go on."""
        self._client.stop()

    def close(self) -> None:
        """Close pooled connections."""
        self._client.close()

    def server_time(self) -> datetime:
        """The server's clock; also proves that the token is accepted.

        Whatever it may read tells the time; an account may keep its own details to itself.
        """
        requester = self.requester()
        for path in (DETAILS, f"crm/owners/{VERSION}", f"crm/pipelines/{VERSION}/deals"):
            with suppress(MissingScopeError, NotAvailableError):
                return server_time_of(requester.send(Request("GET", path, path)))
        return datetime.now(UTC)

    def details(self, requester: Requester) -> Reply:
        """Who the account is."""
        return requester.send(Request("GET", DETAILS, "account details"))

    def share_meter(self) -> Callable[[], float]:
        """The share of the ten-second limit used."""
        return LimitMeter(self._limit).share

    @property
    def per_ten_seconds(self) -> float:
        """The limit in force."""
        return self._limit.per_second * WINDOW_SECONDS


def _burst(requests: float) -> int:
    return max(1, int(requests * BURST_SHARE))


def get(
    requester: Requester, path: str, label: str, params: Mapping[str, Any] | None = None, holds: str = ""
) -> dict[str, Any]:
    """The body of a GET; `holds` names the list in it."""
    body: dict[str, Any] = requester.send(Request("GET", path, label, params=params, holds=holds)).body
    return body


def rows(
    requester: Requester, path: str, label: str, params: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """The rows of a list that has no pages."""
    found: list[dict[str, Any]] = get(requester, path, label, params, RESULTS)[RESULTS]
    return found


def cursor_of(body: Mapping[str, Any]) -> str | None:
    """The cursor behind a page; None behind the last one."""
    after = ((body.get("paging") or {}).get("next") or {}).get("after")
    return None if after is None or after == "" else str(after)


def pages(
    requester: Requester, path: str, label: str, params: Mapping[str, Any]
) -> Iterator[tuple[list[dict[str, Any]], str | None]]:
    """The pages of a cursor-paged list, each with the cursor behind it (None behind the last)."""
    asked = {name: value for name, value in params.items() if name != "after"}
    after = params.get("after")
    seen = set()
    while True:
        body = right_page(requester, path, label, asked | ({"after": after} if after else {}))
        following = cursor_of(body)
        yield body[RESULTS], following
        if following is None:
            return
        if following in seen:
            raise UnreadableReplyError("HubSpot's pages go round in circles.", label, "Try again later.")
        seen.add(following)
        after = following


def right_page(requester: Requester, path: str, label: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """A page that answers this request: it leads on, and is archived or not as asked."""
    for _ in range(REPEATS):
        body = get(requester, path, label, params, RESULTS)
        following = cursor_of(body)
        wanted = params.get("archived")
        states = {str(record["archived"]).lower() for record in body[RESULTS] if "archived" in record}
        if (following is None or following != params.get("after")) and (not wanted or states <= {wanted}):
            return body
    raise UnreadableReplyError("HubSpot repeats pages.", label, "Try again later.")


def server_time_of(reply: Reply) -> datetime:
    """The moment at which the server answered."""
    text = reply.headers.get("Date")
    if not text:
        raise UnreadableReplyError("the reply tells no time.", "HubSpot", "Check url in connections.yml.")
    return parsedate_to_datetime(text)
