"""Lists read whole: by key in chained batches, or by offset where a method knows nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extract.core.ahead import ahead
from extract.core.errors import RefusedRequestError, TransientError, UnreadableReplyError
from extract.sources.bitrix24.api import LONGEST_BATCH, Answer, BitrixPortal, Command, as_map
from extract.sources.bitrix24.errors import OperationTimeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from extract.core.http import Requester

PAGE = 50
GROWTH = 5  # a chain that runs past the end restarts from the first record: let chains grow slowly
MISTRUSTED_CHAINS = 2

Items = list[dict[str, Any]]


@dataclass(frozen=True)
class KeyedList:
    """A list method that can be walked by key.

    Its rows are under `result.<rows_in>`, or are the result itself; `asked_key` is the key's name in filters.
    """

    method: str
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    filter: Mapping[str, Any] = field(default_factory=dict)
    proof: str = ""  # a field that every row of this list has, if there is one
    rows_in: str = "items"
    asked_key: str = ""
    one_of: str = "@"  # the operator in front of a key that may be any of several

    @property
    def filter_key(self) -> str:
        """What filters and orders call the key."""
        return self.asked_key or self.key

    def command(self, after: Any) -> Command:
        """The page behind a key. `start` -1 spares the portal the counting of all rows."""
        name = self.filter_key
        page = {"filter": {**self.filter, f">{name}": after}, "order": {name: "ASC"}, "start": -1}
        return Command(self.method, {**self.params, **page})

    def last_key_of(self, command: str) -> str:
        """How a later command of a batch names the last key of a full page."""
        rows = f"[{self.rows_in}]" if self.rows_in else ""
        return f"$result[{command}]{rows}[{PAGE - 1}][{self.key}]"

    def rows(self, result: Any) -> Items:
        """The rows of a result."""
        found = as_map(result).get(self.rows_in) if self.rows_in else result
        return found if isinstance(found, list) else []

    def is_of(self, result: Any) -> bool:
        """Whether a result has the shape of this list's, if perhaps no rows."""
        if not self.rows_in or result == []:
            return isinstance(result, list)
        return self.rows_in in as_map(result)


class KeyWalk:
    """Rows of a keyed list in order of their keys, each once; `expected` is about how many there are."""

    def __init__(
        self,
        portal: BitrixPortal,
        requester: Requester,
        listed: KeyedList,
        last: int = 0,
        *,
        expected: int = 0,
    ) -> None:
        self._portal, self._requester, self._listed = portal, requester, listed
        self._last = last
        self._chain = min(LONGEST_BATCH, expected // PAGE + 1)
        self._longest = LONGEST_BATCH
        self._mistrusted = 0

    def chains(self) -> Iterator[Items]:
        """Read until a page is short; the rows of one request at a time, while the next is under way."""
        return ahead(self._chains())

    def _chains(self) -> Iterator[Items]:
        is_at_end = False
        while not is_at_end:
            rows: Items = []
            for items in self._pages_of_chain(min(self._chain, self._longest)):
                rows += items
                self._last = self._key(items[-1]) if items else self._last
                is_at_end = len(items) < PAGE
            if rows:
                yield rows
            self._chain = min(LONGEST_BATCH, self._chain * GROWTH)

    def _pages_of_chain(self, length: int) -> Iterator[Items]:
        if length == 1:
            yield self._single()
            return
        try:
            answers = self._chained(length)
        except (TransientError, RefusedRequestError):
            # Heavy pages do not fit into one call of 60 seconds; some portals refuse batches altogether.
            self._longest = max(1, length // 4)
            return
        yield from self._trusted(answers)

    def _single(self) -> Items:
        command = self._listed.command(self._last)
        for _ in range(3):
            body = self._portal.call(self._requester, command.method, command.params)
            items = self._listed.rows(body["result"])
            if self._listed.is_of(body["result"]) and self._continues(items):
                return items
        raise UnreadableReplyError(
            "the portal repeats pages.", self._listed.method, "Try again later; the next run resumes."
        )

    def _chained(self, wanted: int) -> list[Answer]:
        listed = self._listed
        with self._portal.execution.room_for(listed.method, wanted) as length:
            following = [listed.last_key_of(f"c{number}") for number in range(length - 1)]
            commands = [listed.command(after) for after in (self._last, *following)]
            return self._portal.batch(self._requester, commands, halt=True)

    def _trusted(self, answers: list[Answer]) -> Iterator[Items]:
        """The pages up to the first that is short, failed, or does not continue its predecessor."""
        for number, answer in enumerate(answers):
            if answer.error:
                return self._note_failure(number, answer.error)
            items = self._listed.rows(answer.result)
            if not (self._listed.is_of(answer.result) and self._continues(items)):
                return self._note_mistrust()
            yield items
            if len(items) < PAGE:
                return None
        return None

    def _note_failure(self, number: int, error: tuple[Any, str]) -> None:
        try:
            self._portal.wait_or_raise(self._listed.command(self._last), error)
        except (TransientError, OperationTimeError):
            if number == 0:
                self._longest = 1  # a single call retries by itself

    def _note_mistrust(self) -> None:
        """References were not understood, or a page came twice: go on from the last good key."""
        self._mistrusted += 1
        if self._mistrusted >= MISTRUSTED_CHAINS:
            self._longest = 1

    def _continues(self, items: Items) -> bool:
        """Whether the rows answer this request: they are of this list, and in order behind the last one."""
        needed = {self._listed.key, self._listed.proof or self._listed.key}
        if not all(needed <= item.keys() for item in items):
            return False
        keys = [self._last, *(self._key(item) for item in items)]
        return all(earlier < later for earlier, later in pairwise(keys))

    def _key(self, item: dict[str, Any]) -> int:
        return int(item[self._listed.key])


def by_ids(portal: BitrixPortal, requester: Requester, listed: KeyedList, ids: list[str]) -> Iterator[Items]:
    """The records with these ids that the portal still shows."""
    yield from by_values(portal, requester, listed, listed.one_of + listed.filter_key, ids)


def by_values(
    portal: BitrixPortal, requester: Requester, listed: KeyedList, condition: str, values: list[str]
) -> Iterator[Items]:
    """The rows whose filter `condition` has one of the values."""
    size = PAGE - 1  # by id, a full page would ask for one more
    for start in range(0, len(values), size):
        chosen = replace(listed, filter={condition: values[start : start + size]})
        yield from KeyWalk(portal, requester, chosen).chains()


def by_offset(
    portal: BitrixPortal,
    requester: Requester,
    command: Command,
    *,
    start: str = "start",
    rows_in: str = "",
) -> Items:
    """All rows of a list that can only be paged by offset.

    Rows that are inserted meanwhile shift the pages, so what was read is compared with the portal's own
    count and read again if it is less.
    """
    rows: dict[str, dict[str, Any]] = {}
    for _ in range(4):
        total = 0
        for body in _offset_pages(portal, requester, command, start):
            listed = as_map(body["result"]).get(rows_in) if rows_in else body["result"]
            found = listed if isinstance(listed, list) else []
            rows |= {str(row.get("ID", row.get("id"))): row for row in found}
            total = int(body.get("total") or 0)
        if len(rows) >= total:
            return list(rows.values())
    raise UnreadableReplyError("the list changes while it is read.", command.method, "Try again later.")


def _offset_pages(
    portal: BitrixPortal, requester: Requester, command: Command, start: str
) -> Iterator[dict[str, Any]]:
    position = 0
    while True:
        params = {**command.params, start: position} if position else dict(command.params)
        body = portal.call(requester, command.method, params)
        yield body
        following = body.get("next")
        if not isinstance(following, int) or following <= position:
            return
        position = following
