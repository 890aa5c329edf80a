"""One HubSpot account: authorisation, quotas and routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from simulator.faults import Fault
from simulator.hubspot import errors
from simulator.hubspot.errors import HubSpotError
from simulator.hubspot.oddities import broken
from simulator.hubspot.routes import Routes
from simulator.limits import RollingWindow
from simulator.portal import REFUSALS, Answer, Call, Portal, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulator.counters import Counters
    from simulator.faults import Faults, Rule
    from simulator.model import World
    from simulator.options import Options

MAX_URL = 16_200
TEN_SECONDS = 10.0
SEARCHES_PER_SECOND = 5
ASSOCIATIONS = re.compile(r"/crm/(v4/)?associations/")  # exempt from the limit of ten seconds


class HubSpotPortal(Portal):
    """An account read with one private-app token."""

    def __init__(
        self, world: World, options: Options, faults: Faults, counters: Counters, elapsed: Callable[[], float]
    ) -> None:
        super().__init__(world, options, faults, counters, elapsed)
        factor = options.quota_factor
        self.burst = RollingWindow(options.burst_per_ten_seconds * factor, TEN_SECONDS)
        self.searches = RollingWindow(SEARCHES_PER_SECOND * factor, 1.0)
        self.daily_limit = int(options.daily_limit * factor)
        self.used_on: dict[str, int] = {}
        self.error_count = 0
        self.routes = Routes(world, options, self.now, self._usage)

    @property
    def path(self) -> str:
        """Nothing: the address is the host's."""
        return ""

    def label(self, path: str) -> str:
        """The path without the ids in it."""
        return re.sub(r"/\d{6,}$", "/{id}", path)

    def answer(self, call: Call) -> Answer:
        """Serve a request."""
        headers: dict[str, str] = {}
        try:
            self._authorise(call)
            headers = self._admit(call)
            if call.url_length > MAX_URL:
                body = b"<html><head><title>414 Request-URI Too Large</title></head></html>"
                return Answer(414, body, headers, media_type="text/html", error="414")
            with self.world.lock:
                reply = self.routes.serve(call)
            return broken(self.faults, call, Answer(reply.status, to_json(reply.value), headers))
        except HubSpotError as error:
            return self._failure(error, headers)

    def _authorise(self, call: Call) -> None:
        if call.headers.get("authorization") != f"Bearer {self.options.key}":
            raise errors.unauthorised()

    def _admit(self, call: Call) -> dict[str, str]:
        now = self.elapsed()
        day = self._today()
        if self.used_on.get(day, 0) >= self.daily_limit:
            raise errors.rate_limited("DAILY")
        if call.path.endswith("/search"):
            if not self.searches.admit(now):
                raise errors.rate_limited("SECONDLY")
            self.used_on[day] = self.used_on.get(day, 0) + 1
            return {}
        if ASSOCIATIONS.match(call.path):
            self.used_on[day] = self.used_on.get(day, 0) + 1
            return {}
        if not self.burst.admit(now):
            raise errors.rate_limited("TEN_SECONDLY_ROLLING")
        self.used_on[day] = self.used_on.get(day, 0) + 1
        return self._rate_headers(now, day)

    def _rate_headers(self, now: float, day: str) -> dict[str, str]:
        return {
            "X-HubSpot-RateLimit-Max": str(int(self.burst.limit)),
            "X-HubSpot-RateLimit-Remaining": str(self.burst.remaining(now)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Daily": str(self.daily_limit),
            "X-HubSpot-RateLimit-Daily-Remaining": str(self.daily_limit - self.used_on[day]),
        }

    def _today(self) -> str:
        """The counter starts anew at midnight of the account's time zone."""
        return self.now().astimezone(ZoneInfo(self.world.timezone)).date().isoformat()

    def _usage(self) -> dict[str, Any]:
        used = self.used_on.get(self._today(), 0)
        return {"name": "private-apps-api-calls-daily", "usageLimit": self.daily_limit, "currentUsage": used}

    def _failure(self, error: HubSpotError, headers: dict[str, str]) -> Answer:
        self.error_count += 1
        name = str(error.more.get("policyName", error.category))
        return Answer(error.status, to_json(error.body(self.error_count)), headers, error=name)

    def refusal(self, rule: Rule) -> Answer:
        """The body of an injected 429, 500 or 503."""
        status = REFUSALS[rule.fault]
        if rule.fault is Fault.TOO_MANY_REQUESTS:
            return self._failure(errors.rate_limited("TEN_SECONDLY_ROLLING"), {})
        return self._failure(HubSpotError(status, "INTERNAL_ERROR", "internal error"), {})

    def is_offset_page(self, call: Call) -> bool:
        """Whether it is a later page of a search; lists go by a key that nothing shifts."""
        return call.path.endswith("/search") and re.search(rb'"after":\s*"?[1-9]', call.body) is not None

    def quota_shares(self) -> dict[str, float]:
        """The used share of the burst and of the search rate."""
        span = max(self.counters.span_seconds, 1e-9)
        requests = self.counters.requests
        searches = sum(count for path, count in requests.items() if path.endswith("/search"))
        exempt = sum(count for path, count in requests.items() if ASSOCIATIONS.match(path))
        others = self.counters.total_requests - searches - exempt
        return {
            "burst": others / (self.burst.limit / TEN_SECONDS * span),
            "search": searches / (self.searches.limit * span),
            "daily": self.counters.total_requests / self.daily_limit,
        }
