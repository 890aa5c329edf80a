"""HTTP to one portal: pooled, limited, retried, and silent about secrets."""

from __future__ import annotations

import json
import logging
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol

import orjson
import requests
import urllib3
from requests.adapters import HTTPAdapter
from tenacity import Retrying, retry_if_exception_type

from extract.core import patience
from extract.core.errors import DealhouseError, PortalError, SourceError, TransientError, UnreadableReplyError
from extract.core.redaction import Redaction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

    from extract.core.limits import RateLimit
    from extract.core.settings import Connection

USER_AGENT = "Dealhouse/0.1 (CRM analytics warehouse)"
CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 75.0  # Bitrix24 cuts a call off at 60 s
LONGEST_BODY = 300.0
PIECE = 1 << 17
POOL_SIZE = 24


@dataclass(frozen=True)
class Reply:
    """A reply with a parsed body; `headers` know no upper and lower case."""

    status: int
    headers: Mapping[str, str]
    body: Any


class Judge(Protocol):
    """Tells good replies from bad ones in the way of one CRM."""

    def __call__(self, reply: Reply, where: str) -> None:
        """Raise the fitting SourceError, or return when the reply is good."""


@dataclass
class Requester:
    """A stream's door to the portal; counts what went through it."""

    client: HttpClient
    requests: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, request: Request) -> Reply:
        """Send it until it succeeds, or raise a SourceError."""
        return self.client.send(request, self)

    def rest(self, turn: int) -> None:
        """Wait before asking for the rest of an answer again; longer with each turn."""
        self.client.sleep(min(patience.LONGEST_BACKOFF, patience.FIRST_BACKOFF * 2**turn))

    def count(self) -> None:
        """Note one request, also from worker threads."""
        with self._lock:
            self.requests += 1


@dataclass(frozen=True)
class Request:
    """What to ask. `limit` names the limit it counts against; `label` names it to people, free of secrets.

    `holds` names a list that every good reply has: one without it is asked for again.
    """

    verb: str
    path: str
    label: str
    limit: str = "main"
    params: Mapping[str, Any] | None = None
    body: Any = None
    timeout: float = READ_TIMEOUT
    holds: str = ""


class HttpClient:
    """One session of one connection, shared by its threads."""

    def __init__(
        self,
        connection: Connection,
        secrets: list[SecretStr],
        limits: dict[str, RateLimit],
        judge: Judge,
        headers: Mapping[str, SecretStr] | None = None,
    ) -> None:
        self._connection = connection
        self.limits = limits
        self._judge = judge
        self._secret_headers = headers or {}
        self._session = requests.Session()
        address = connection.portal_url
        environment = self._session.merge_environment_settings(address, {}, None, None, None)
        self._session.proxies, self._session.verify = environment["proxies"], environment["verify"]
        self._session.trust_env = False  # from here on: a .netrc must not replace our token
        self._session.headers.update({"User-Agent": USER_AGENT, "Accept": "application/json"})
        adapter = HTTPAdapter(pool_connections=2, pool_maxsize=POOL_SIZE, max_retries=0)
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)
        self._stopped = threading.Event()
        self._redaction = Redaction(secrets)
        logging.getLogger("urllib3.connectionpool").addFilter(self._redaction)

    def stop(self) -> None:
        """Let no request begin and no wait go on."""
        self._stopped.set()

    def close(self) -> None:
        """Close pooled connections."""
        self._session.close()
        logging.getLogger("urllib3.connectionpool").removeFilter(self._redaction)

    def requester(self) -> Requester:
        """A door of its own for one stream."""
        return Requester(self)

    def send(self, request: Request, requester: Requester) -> Reply:
        """Send it until it succeeds, or raise a SourceError."""
        tries = patience.Patience()
        retrying = Retrying(
            retry=retry_if_exception_type(TransientError),
            stop=tries.is_over,
            wait=tries.pause_seconds,
            sleep=self.sleep,
            reraise=True,
        )
        reply: Reply = retrying(self._send_once, request, requester)
        return reply

    def sleep(self, seconds: float) -> None:
        """Wait, unless the cycle ends."""
        self._stopped.wait(seconds)

    def _send_once(self, request: Request, requester: Requester) -> Reply:
        where = f"connection {self._connection.name!r}, {request.label}"
        self.limits[request.limit].acquire(self._stopped)
        if self._stopped.is_set():
            raise SourceError("the cycle has ended.", where)
        requester.count()
        reply = self._exchange(request, where)
        try:
            self._judge(reply, where)
            _check_whole(reply, request, where)
        except TransientError as error:
            seconds = error.wait_seconds or patience.FIRST_BACKOFF
            if error.is_for_all and seconds <= patience.LONGEST_WAIT:
                self.limits[request.limit].pause(seconds)
            raise
        return reply

    def _exchange(self, request: Request, where: str) -> Reply:
        failure: DealhouseError | None = None
        try:
            with self._session.request(
                request.verb,
                self._connection.url.get_secret_value().rstrip("/") + "/" + request.path,
                params=request.params,
                data=None if request.body is None else orjson.dumps(request.body),
                headers=self._headers(request),
                timeout=(CONNECT_TIMEOUT, request.timeout),
                allow_redirects=False,
                stream=True,
            ) as response:
                return _parsed(response, self._redaction.cleaned(_content(response, where)), where)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            failure = _broken_exchange(error, where)
        # Raised outside the handler: requests' exception holds the address, and would come along as context.
        raise failure

    def _headers(self, request: Request) -> dict[str, str]:
        headers = {name: value.get_secret_value() for name, value in self._secret_headers.items()}
        return headers if request.body is None else headers | {"Content-Type": "application/json"}


def _content(response: requests.Response, where: str) -> bytes:
    """The body, as its pieces come: timeouts are those of a piece, and a body may dribble for ever."""
    give_up_at = time.monotonic() + LONGEST_BODY
    pieces = []
    while piece := response.raw.read1(PIECE, decode_content=True):
        pieces.append(piece)
        if time.monotonic() > give_up_at:
            raise UnreadableReplyError("the reply does not end.", where, "Try again later.")
    return b"".join(pieces)


def _broken_exchange(error: Exception, where: str) -> DealhouseError:
    if isinstance(error, requests.exceptions.SSLError):
        return PortalError("the portal's certificate is not trusted.", where, "Check the address.")
    if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return PortalError("the address is not valid.", where, "Check url in connections.yml.")
    if isinstance(error, requests.exceptions.ReadTimeout | urllib3.exceptions.ReadTimeoutError):
        return TransientError("the portal did not answer in time.", where, "Try again later.")
    if isinstance(error, urllib3.exceptions.ProtocolError | urllib3.exceptions.DecodeError):
        return UnreadableReplyError("the reply was cut off.", where, "Try again later.")
    return TransientError(
        f"the portal cannot be reached{_reason(error)}.",
        where,
        "Check the address and the network, or try again later.",
    )


def _reason(error: Exception) -> str:
    """Why there is no connection, where that is told; never the address, in which a secret may stand."""
    inner = getattr(error.args[0], "reason", None) if error.args else None
    if isinstance(inner, urllib3.exceptions.NameResolutionError):
        return ": nobody knows its host name"
    if isinstance(inner, urllib3.exceptions.NewConnectionError):
        return ": it takes no connection"
    if isinstance(inner, urllib3.exceptions.ConnectTimeoutError):
        return ": it does not answer"
    return ""


def _parsed(response: requests.Response, content: bytes, where: str) -> Reply:
    headers = response.headers
    if 300 <= response.status_code < 400:
        raise PortalError("the portal sends us elsewhere.", where, "Set url to where the portal lives now.")
    body = parsed_json(content)
    if body is None and response.status_code < 400:
        kind = headers.get("Content-Type", "no type").split(";")[0]
        raise UnreadableReplyError(f"the reply is not JSON ({kind}).", where, "Try again later.")
    return Reply(response.status_code, headers, body)


def parsed_json(content: bytes) -> Any:
    """What a body says, or None when it is not JSON.

    People paste half of an emoji into a title, and portals pass it on: what no text can hold becomes
    U+FFFD, so that one such record does not make its whole page unreadable for ever.
    """
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(content)
    with suppress(ValueError):
        text = json.dumps(json.loads(content.decode("utf-8", "replace")), ensure_ascii=False)
        return orjson.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return None


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds that a Retry-After header asks for, in either of its forms."""
    text = headers.get("Retry-After", "").strip()
    if text.replace(".", "", 1).isdigit():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()) if text else None
    except ValueError:
        return None


def _check_whole(reply: Reply, request: Request, where: str) -> None:
    """A page without its list looks like the last one: it must not end the reading."""
    if request.holds and not isinstance(reply.body.get(request.holds), list):
        raise UnreadableReplyError(f"the reply holds no {request.holds}.", where, "Try again later.")
