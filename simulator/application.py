"""The web application around a portal: faults, latency, counting, and controls of the simulator itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from simulator.faults import Fault, Rule
from simulator.portal import REFUSALS, Answer, Call, Portal

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Receive, Scope, Send

HTML = (
    b"<!DOCTYPE html><html><head><title>Please wait</title></head><body>We will be back soon.</body></html>"
)
WHOLE = frozenset({*REFUSALS, Fault.CUT_BODY, Fault.HTML_BODY, Fault.HTML_BAD_GATEWAY, Fault.TIME_OUT})
SHIFTED = frozenset({Fault.SHIFTED_PAGE})
DUPLICATED = frozenset({Fault.DUPLICATED_PAGE})
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


class CutResponse:
    """Promises the whole body, sends half of it; the server then drops the connection."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send the answer."""
        body = self.answer.body
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % (len(body) + 1))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        # The server complains about the missing half, then closes the connection: just what is wanted.
        with suppress(RuntimeError):
            await send({"type": "http.response.body", "body": body[: len(body) // 2]})


class Application:
    """Serves one portal."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.is_closing = False
        self.crashes: list[Exception] = []
        self._latest: dict[str, Answer] = {}

    def routes(self) -> Starlette:
        """The application a web server runs."""
        return Starlette(
            routes=[
                Route("/simulator/advance", self._advance, methods=["POST"]),
                Route("/simulator/faults", self._add_fault, methods=["POST"]),
                Route("/simulator/counters", self._counters),
                Route("/{path:path}", self._serve, methods=METHODS),
            ],
            exception_handlers={500: self._crash, ClientDisconnect: self._hang_up},
        )

    async def _hang_up(self, _request: Request, _error: Exception) -> Response:
        """The client died in the middle of its question."""
        return Response(b"", 400)

    async def _crash(self, _request: Request, error: Exception) -> Response:
        """A mistake of the simulator itself: `serve` raises it when its block ends."""
        self.crashes.append(error)
        return Response(b"simulator crashed", 500)

    async def _serve(self, request: Request) -> ASGIApp:
        body = await request.body()
        call = Call(
            request.method,
            request.url.path,
            list(request.query_params.multi_items()),
            request.headers,
            body,
            len(str(request.url)),
        )
        portal, label = self.portal, self.portal.label(call.path)
        portal.counters.count_request(label, portal.elapsed())
        began = perf_counter()
        rule = portal.faults.take(call.method, call.path, WHOLE)
        if rule is not None and rule.fault is Fault.TIME_OUT:
            await self._keep_silent(request, rule.seconds)
        answer = self._answer(call, rule)
        spent = perf_counter() - began
        await asyncio.sleep(portal.latency() + answer.seconds / portal.options.quota_factor)
        portal.counters.count_answer(
            error=answer.error, size=len(answer.body), serving_seconds=spent, now=portal.elapsed()
        )
        if rule is not None and rule.fault is Fault.CUT_BODY:
            return CutResponse(answer)
        told = datetime.now(UTC) if portal.options.tells_machine_time else portal.now()
        headers = answer.headers | {"Date": format_datetime(told.replace(microsecond=0), usegmt=True)}
        return Response(answer.body, answer.status, headers, answer.media_type)

    def _answer(self, call: Call, rule: Rule | None) -> Answer:
        if rule is None:
            return self._page(call)
        if rule.fault in REFUSALS:
            answer = self.portal.refusal(rule)
            if rule.retry_after is not None:
                answer.headers["Retry-After"] = str(rule.retry_after)
            return answer
        if rule.fault is Fault.HTML_BODY:
            return Answer(200, HTML, media_type="text/html", error=rule.fault)
        if rule.fault is Fault.HTML_BAD_GATEWAY:
            return Answer(502, HTML, media_type="text/html", error=rule.fault)
        answer = self.portal.answer(call)
        answer.error = answer.error or rule.fault
        return answer

    def _page(self, call: Call) -> Answer:
        portal = self.portal
        series = portal.series(call)
        if series in self._latest and portal.faults.take(call.method, call.path, DUPLICATED):
            return self._latest[series]
        if portal.is_offset_page(call) and portal.faults.take(call.method, call.path, SHIFTED):
            call = Call(call.method, call.path, call.query, call.headers, call.body, call.url_length, shift=1)
        answer = portal.answer(call)
        if answer.error is None:
            self._latest[series] = answer
        return answer

    async def _keep_silent(self, request: Request, seconds: float) -> None:
        until = self.portal.elapsed() + seconds
        while self.portal.elapsed() < until and not self.is_closing and not await request.is_disconnected():
            await asyncio.sleep(0.05)

    # ---- controls ----

    async def _advance(self, request: Request) -> Response:
        days = int((await request.json()).get("days", 1))
        self.portal.world.advance(days)
        return JSONResponse({"now": self.portal.world.now.isoformat()})

    async def _add_fault(self, request: Request) -> Response:
        self.portal.faults.add(**await request.json())
        return JSONResponse({})

    async def _counters(self, _request: Request) -> Response:
        return JSONResponse(counted(self.portal))


def counted(portal: Portal) -> dict[str, Any]:
    """All counters of a portal as JSON values."""
    counters = portal.counters
    return {
        "requests": dict(counters.requests),
        "errors": dict(counters.errors),
        "execution_seconds": dict(counters.execution_seconds),
        "bytes_sent": counters.bytes_sent,
        "serving_seconds": counters.serving_seconds,
        "peak_per_second": counters.peak_per_second,
        "span_seconds": counters.span_seconds,
        "quota_shares": portal.quota_shares(),
    }
