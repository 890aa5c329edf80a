"""Batches: up to 50 commands in one request, which may refer to the results of earlier ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import orjson

from simulator.bitrix24 import php
from simulator.bitrix24.errors import BitrixError
from simulator.portal import Raw

if TYPE_CHECKING:
    from simulator.bitrix24.portal import Bitrix24Portal

MAX_COMMANDS = 50
_REFERENCE = re.compile(r"\$result((?:\[[^\[\]]*\])+)")
_STEP = re.compile(r"\[([^\[\]]*)\]")


class Batch:
    """The run of one batch; HTTP 200 whatever happens to its commands."""

    def __init__(self, portal: Bitrix24Portal, started: float) -> None:
        self.portal = portal
        self.started = started
        self.seconds = 0.0
        self.results: dict[str, Any] = {}
        self.errors: dict[str, Any] = {}
        self.totals: dict[str, Any] = {}
        self.nexts: dict[str, Any] = {}
        self.times: dict[str, Any] = {}

    def run(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """Run the commands one after the other; with `halt` the first failure is the last command."""
        is_halting = str(parameters.get("halt", 0)).lower() in {"1", "true", "y"}
        commands = php.entries(parameters.get("cmd")) if self.portal.options.answers_batches else {}
        for position, (name, command) in enumerate(commands.items()):
            try:
                self._run_command(position, name, str(command))
            except BitrixError as error:
                self.errors[name] = error.body()
                if is_halting:
                    break
        return {
            "result": php.array(self.results),
            "result_error": php.array(self.errors),
            "result_total": php.array(self.totals),
            "result_next": php.array(self.nexts),
            "result_time": php.array(self.times),
        }

    def _run_command(self, position: int, name: str, command: str) -> None:
        if position >= MAX_COMMANDS:
            raise BitrixError(400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
        method, _, query = command.partition("?")
        method = method.removesuffix(".json").lower()
        if method == "batch":
            raise BitrixError(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage")
        pairs = [(key, self._resolve(value)) for key, value in parse_qsl(query, keep_blank_values=True)]
        result = self.portal.run(method, php.nested(pairs))
        self.seconds += result.seconds
        self.results[name] = result.value
        if result.total is not None:
            self.totals[name] = result.total
        if result.next is not None:
            self.nexts[name] = result.next
        self.times[name] = self.portal.timing(method, result.seconds, self.started)

    def _resolve(self, text: str) -> str:
        """Put values in place of references; what a reference does not find becomes empty."""
        return _REFERENCE.sub(lambda found: self._look_up(_STEP.findall(found[1])), text)

    def _look_up(self, steps: list[str]) -> str:
        value: Any = self.results
        for step in steps:
            if isinstance(value, Raw):
                value = orjson.loads(value.data)
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
                value = value[int(step)]
            else:
                return ""
        return "" if value is None or isinstance(value, (dict, list)) else str(value)
