"""Many small calls in few requests: full batches, several of them under way at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from extract.core.errors import (
    MissingScopeError,
    NotAvailableError,
    PortalError,
    SourceError,
    TerminalError,
    TransientError,
)
from extract.sources.bitrix24.api import LONGEST_BATCH, Answer, BitrixPortal, Command
from extract.sources.bitrix24.errors import explain

if TYPE_CHECKING:
    from extract.core.http import Requester

AT_ONCE = 5  # of a second or so each: more than the requests that a portal allows for long


def results_of(portal: BitrixPortal, requester: Requester, commands: list[Command]) -> list[Any]:
    """The result of each command, all of one method; where what it asks about is not to be had, the error."""
    batches = [commands[start : start + LONGEST_BATCH] for start in range(0, len(commands), LONGEST_BATCH)]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="batch") as pool:
        read = pool.map(lambda batch: _results(portal, requester, batch), batches)
        return [result for results in read for result in results]


def _results(portal: BitrixPortal, requester: Requester, commands: list[Command]) -> list[Any]:
    results: list[Any] = []
    while len(results) < len(commands):
        waiting = commands[len(results) :]
        with portal.execution.room_for(waiting[0].method, len(waiting)) as fitting:
            answers = _batch(portal, requester, waiting[:fitting])
        results += [
            _result(portal, requester, command, answer)
            for command, answer in zip(waiting, answers, strict=False)
        ]
    return results


def _batch(portal: BitrixPortal, requester: Requester, commands: list[Command]) -> list[Answer]:
    """An answer to every command; an error where none came."""
    missing = Answer(error=("", "no answer"))
    try:
        answers = portal.batch(requester, commands, halt=False)
    except PortalError:
        raise
    except (TransientError, TerminalError):  # some portals refuse batches altogether
        answers = []
    return answers + [missing] * (len(commands) - len(answers))


def _result(portal: BitrixPortal, requester: Requester, command: Command, answer: Answer) -> Any:
    """What was answered; after an error ask alone, which retries and waits, unless there is nothing there."""
    if answer.error is None:
        return answer.result
    meaning: SourceError = explain(400, *answer.error, command.method)
    if isinstance(meaning, NotAvailableError | MissingScopeError):
        return meaning
    try:
        return portal.call(requester, command.method, command.params)["result"]
    except (NotAvailableError, MissingScopeError) as error:
        return error
