"""One Bitrix24 portal behind its incoming webhook: authorisation, quotas, envelopes and batches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson

from simulator.bitrix24 import errors, php
from simulator.bitrix24.batch import Batch
from simulator.bitrix24.errors import BitrixError
from simulator.bitrix24.index import Index
from simulator.bitrix24.methods import Methods, scope_of
from simulator.faults import Fault
from simulator.limits import LeakyBucket, OperatingTime
from simulator.portal import REFUSALS, Answer, Call, Portal, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.bitrix24.lists import Result
    from simulator.counters import Counters
    from simulator.faults import Faults, Rule
    from simulator.model import World
    from simulator.options import Options

_PATH = re.compile(r"^/rest/(?P<user>\d+)/(?P<secret>[^/]+)/(?P<method>[\w.]+?)(?P<format>\.json)?/?$")
_OF_A_PAGE = re.compile(r"&?(filter(%5B|\[)[^=]*|start)=[^&]*")
GATEWAY_SECONDS = 60
WEBHOOK_USER = 1


class Bitrix24Portal(Portal):
    """A portal whose webhook belongs to user 1."""

    def __init__(
        self, world: World, options: Options, faults: Faults, counters: Counters, elapsed: Callable[[], float]
    ) -> None:
        super().__init__(world, options, faults, counters, elapsed)
        drain, capacity = (5, 250) if options.is_enterprise else (2, 50)
        factor = options.quota_factor
        self.drain_per_second = drain * factor
        self.bucket = LeakyBucket(self.drain_per_second, capacity * factor)
        self.operating: dict[str, OperatingTime] = {}
        self.index = Index(world, options)
        self.index.refresh()
        self.methods = Methods(self.index, options, self.now)

    @property
    def path(self) -> str:
        """Where the webhook is."""
        return f"/rest/{WEBHOOK_USER}/{self.options.key}/"

    def answer(self, call: Call) -> Answer:
        """Serve a request."""
        started = self.now().timestamp()
        try:
            method = self._admit(call)
            parameters = _parameters(call)
            with self.world.lock:
                self.index.refresh()
                self.methods.shift = call.shift
                if method == "batch" and method not in self.options.missing_methods:
                    return self._answer_batch(parameters, started)
                result = self.run(method, parameters)
                return self._envelope(method, result, started)
        except BitrixError as error:
            return self._failure(error)

    def _admit(self, call: Call) -> str:
        found = _PATH.match(call.path)
        if found is None:
            raise errors.method_unknown()
        if found["secret"] != self.options.key or found["user"] != str(WEBHOOK_USER):
            raise errors.unauthorised()
        if not self.bucket.admit(self.elapsed()):
            raise errors.too_many_requests()
        return found["method"].lower()

    def run(self, method: str, parameters: dict[str, Any]) -> Result:
        """Call one method and count its execution time; used for single calls and for commands of a batch."""
        function = self.methods.table.get(method)
        if function is None:
            raise errors.method_unknown()
        if scope_of(method) in self.options.missing_scopes:
            raise errors.scope_missing(self.options.scope_error)
        if self.faults.take("COMMAND", method, frozenset({Fault.COMMAND_REFUSED})):
            raise errors.command_failed(self.options.command_error)
        now = self.now().timestamp()
        spent = self._operating(method)
        if spent.is_blocked(now):
            raise errors.out_of_time()
        result = function(parameters)
        # Time is counted as it is slept through: quotas that are n times as large let a call last an nth.
        spent.spend(now, result.seconds / self.options.quota_factor)
        self.counters.count_execution(method, result.seconds)
        return result

    def _operating(self, method: str) -> OperatingTime:
        limit, window = self.options.operating_seconds, self.options.operating_window_seconds
        return self.operating.setdefault(method, OperatingTime(limit, window))

    # ---- envelopes ----

    def timing(self, method: str, seconds: float, started: float) -> dict[str, Any]:
        """The `time` of an envelope."""
        finished = started + seconds / self.options.quota_factor
        spent = self._operating(method)
        moment = self.index.renderer.instant(self.now().replace(microsecond=0))
        ahead = self.options.host_ahead_seconds
        return {
            "start": started + ahead,
            **({"finish": finished + ahead} if self.options.tells_finish else {}),
            "duration": finished - started,
            "processing": finished - started,
            "date_start": moment,
            "date_finish": moment,
            "operating_reset_at": spent.resets_at(started) + int(ahead),
            "operating": spent.spent(started),
        }

    def _envelope(self, method: str, result: Result, started: float) -> Answer:
        body: dict[str, Any] = {"result": result.value}
        if result.next is not None:
            body["next"] = result.next
        if result.total is not None:
            body["total"] = result.total
        body["time"] = self.timing(method, result.seconds, started)
        return Answer(200, to_json(body), seconds=result.seconds)

    def _answer_batch(self, parameters: dict[str, Any], started: float) -> Answer:
        batch = Batch(self, started)
        value = batch.run(parameters)
        if batch.seconds > GATEWAY_SECONDS:
            body = b"<html><body><h1>504 Gateway Time-out</h1></body></html>"
            return Answer(504, body, media_type="text/html", seconds=GATEWAY_SECONDS, error="504")
        timing = self.timing("batch", batch.seconds, started)
        return Answer(200, to_json({"result": value, "time": timing}), seconds=batch.seconds)

    def _failure(self, error: BitrixError) -> Answer:
        return Answer(error.status, to_json(error.body()), error=error.code)

    def refusal(self, rule: Rule) -> Answer:
        """The body of an injected 429, 500 or 503."""
        wordings = {
            Fault.TOO_MANY_REQUESTS: errors.out_of_time(),
            Fault.UNAVAILABLE: errors.too_many_requests(),
            Fault.SERVER_ERROR: BitrixError(500, "INTERNAL_SERVER_ERROR", "Internal server error"),
        }
        answer = self._failure(wordings[rule.fault])
        answer.status = REFUSALS[rule.fault]
        return answer

    def label(self, path: str) -> str:
        """The method, without the secret that stands before it."""
        found = _PATH.match(path)
        return found["method"].lower() if found else "unknown"

    def series(self, call: Call) -> str:
        """Calls that differ in their filter and offset only."""
        label = self.label(call.path)
        try:
            parameters = _parameters(call)
        except BitrixError:
            return label
        first = next(iter(php.entries(parameters.get("cmd")).values()), "")
        listed = {name: value for name, value in parameters.items() if name not in {"cmd", "filter", "start"}}
        return f"{label} {_OF_A_PAGE.sub('', str(first))} {listed}"

    def is_offset_page(self, call: Call) -> bool:
        """Whether a list is asked for from some offset on."""
        try:
            parameters = _parameters(call)
        except BitrixError:
            return False
        if call.path.split(".json")[0].endswith("/batch"):
            return any(re.search(r"start=[1-9]", str(c)) for c in php.entries(parameters.get("cmd")).values())
        return str(parameters.get("start", parameters.get("START", ""))).strip("0").isdigit()

    def quota_shares(self) -> dict[str, float]:
        """The used share of the request rate, and of each method's execution time."""
        span = max(self.counters.span_seconds, 1e-9)
        factor = self.options.quota_factor
        shares = {"requests": self.counters.total_requests / (self.drain_per_second * span)}
        limit = self.options.operating_seconds * factor / self.options.operating_window_seconds
        for method, seconds in self.counters.execution_seconds.items():
            shares[method] = seconds / (limit * span)
        return shares


def _parameters(call: Call) -> dict[str, Any]:
    """The parameters of the query, then of a form or a JSON body."""
    parameters = php.nested(call.query)
    if not call.body:
        return parameters
    if "x-www-form-urlencoded" in call.headers.get("content-type", ""):
        return parameters | php.nested(parse_qsl(call.body.decode(), keep_blank_values=True))
    try:
        body = orjson.loads(call.body)
    except orjson.JSONDecodeError as error:
        raise BitrixError(400, "INVALID_REQUEST", "Malformed JSON") from error
    return parameters | php.entries(body)
