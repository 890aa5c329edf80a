"""Faults on demand: each rule says which requests go wrong, how, and how often."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any


class Fault(StrEnum):
    """What can go wrong with a request."""

    TOO_MANY_REQUESTS = "429"
    UNAVAILABLE = "503"
    SERVER_ERROR = "500"
    CUT_BODY = "cut_body"
    HTML_BODY = "html_body"
    HTML_BAD_GATEWAY = "html_bad_gateway"
    SHIFTED_PAGE = "shifted_page"
    DUPLICATED_PAGE = "duplicated_page"
    TIME_OUT = "time_out"
    COMMAND_REFUSED = "command_refused"  # Bitrix24: one command of a batch fails inside an HTTP 200
    NO_RESULTS = "no_results"  # HubSpot: an HTTP 200 without the list that it should hold
    EMPTY_SEARCH = "empty_search"  # HubSpot: a search that counts what it finds, and shows none
    FAILED_INPUT = "failed_input"  # HubSpot: one object of a batch is not given, for reasons of its own
    GATEWAY_REFUSAL = "gateway_refusal"  # HubSpot: a 404 that is the HTML of somebody in between


@dataclass
class Rule:
    """`fault` for the next `count` matching requests after `skip` of them passed unharmed."""

    fault: Fault
    path: str = ""
    method: str = ""
    count: int = 1
    skip: int = 0
    seconds: float = 3600.0  # how long a time-out keeps silent
    retry_after: int | None = None

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is meant: `path` is a regular expression found anywhere in its path."""
        return self.count > 0 and method.startswith(self.method) and re.search(self.path, path) is not None


class Faults:
    """The rules in force; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rules: list[Rule] = []
        self.served: list[tuple[Fault, str]] = []

    def add(self, fault: Fault | str, **details: Any) -> None:
        """Let the next matching requests go wrong; `details` are the fields of a `Rule`."""
        rule = Rule(Fault(fault), **details)
        with self._lock:
            self._rules.append(rule)

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules.clear()

    def take(self, method: str, path: str, among: frozenset[Fault]) -> Rule | None:
        """The rule that meets this request, used up by one; None for a request that goes well."""
        with self._lock:
            for rule in self._rules:
                if rule.fault not in among or not rule.matches(method, path):
                    continue
                if rule.skip > 0:
                    rule.skip -= 1
                    continue
                rule.count -= 1
                self.served.append((rule.fault, path))
                return rule
        return None
