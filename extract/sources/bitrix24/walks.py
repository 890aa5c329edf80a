"""Lists read whole: by key in chained batches, or by offset where a method knows nothing else."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from extract.core.ahead import ahead
from extract.core.errors import (
    PortalError,
    RefusedRequestError,
    TerminalError,
    TransientError,
    UnreadableReplyError,
)
from extract.sources.bitrix24.api import LONGEST_BATCH, Answer, BitrixPortal, Command, as_map

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
    Lists of several kinds of rows may share a method: a row that has a field of `alien`, and not `own`, is
    of another one. `plain_params` are for portals that refuse `params`. Where rows share keys, a page may end
    amidst those of one; so the next page begins with the last key again, and its rows come twice.
    """

    method: str
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    filter: Mapping[str, Any] = field(default_factory=dict)
    proof: str = ""  # a field that every row of this list has, if there is one
    rows_in: str = "items"
    asked_key: str = ""
    one_of: str = "@"  # the operator in front of a key that may be any of several
    own: str = ""
    alien: frozenset[str] = frozenset()
    plain_params: Mapping[str, Any] | None = None
    is_unique: bool = True

    @property
    def filter_key(self) -> str:
        """What filters and orders call the key."""
        return self.asked_key or self.key

    def command(self, after: Any) -> Command:
        """The page behind a key. `start` -1 spares the portal the counting of all rows."""
        name = self.filter_key
        bound = f"{'>' if self.is_unique else '>='}{name}"
        page = {"filter": {**self.filter, bound: after}, "order": {name: "ASC"}, "start": -1}
        return Command(self.method, {**self.params, **page})

    def last_key_of(self, command: str) -> str:
        """How a later command of a batch names the last key of a full page."""
        rows = f"[{self.rows_in}]" if self.rows_in else ""
        return f"$result[{command}]{rows}[{PAGE - 1}][{self.key}]"

    def rows(self, result: Any) -> Items:
        """The rows of a result."""
        return rows_of(result, self.rows_in) or []

    def has_page(self, result: Any) -> bool:
        """Whether a result is a page of this list, if perhaps an empty one."""
        rows = rows_of(result, self.rows_in)
        return rows is not None and all(self._is_own(row) for row in rows)

    def _is_own(self, row: dict[str, Any]) -> bool:
        has_fields = {self.key, self.proof or self.key} <= row.keys()
        return has_fields and (self.own in row or not self.alien & row.keys())


def rows_of(result: Any, rows_in: str) -> Items | None:
    """The rows of a result; None where it has another shape, which is not the same as no rows.

    PHP writes a list with gaps as a map, and an empty map as a list.
    """
    found = as_map(result).get(rows_in) if rows_in and result != [] else result
    rows = list(found.values()) if isinstance(found, dict) else found
    is_rows = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    return rows if is_rows else None


class KeyWalk:
    """Rows of a keyed list in order of their keys, each once; `expected` is about how many there are.

    A short page is the last one, unless a row vanished from it while it was made. `confirms_end`: what is
    not read now would be missed for good, so only an empty page counts as the end.
    """

    def __init__(  # noqa: PLR0913
        self,
        portal: BitrixPortal,
        requester: Requester,
        listed: KeyedList,
        last: int = 0,
        *,
        expected: int = 0,
        confirms_end: bool = False,
    ) -> None:
        self._portal, self._requester, self._listed = portal, requester, listed
        self._last = last
        self._chain = min(LONGEST_BATCH, expected // PAGE + 1)
        self._longest = LONGEST_BATCH
        self._mistrusted = 0
        self._confirms_end = confirms_end
        self._is_single_next = False

    def chains(self) -> Iterator[Items]:
        """Read to the end; the rows of one request at a time, while the next is under way."""
        return ahead(self._chains())

    def _chains(self) -> Iterator[Items]:
        is_at_end = False
        while not is_at_end:
            rows: Items = []
            for items in self._pages_of_chain(min(self._chain, self._longest)):
                rows += items
                is_at_end = self._is_end(items)
                self._last = self._reached(items) if items else self._last
                self._is_single_next |= len(items) < PAGE  # behind a short page there is most likely nothing
            if rows:
                yield rows
            self._chain = 1 if self._is_single_next else min(LONGEST_BATCH, self._chain * GROWTH)
            self._is_single_next = False

    def _is_end(self, items: Items) -> bool:
        if self._listed.is_unique:
            return len(items) < (1 if self._confirms_end else PAGE)
        # Behind the last row there are the rows of its key only, once more.
        return len(items) < PAGE and (not items or self._key(items[-1]) == self._last)

    def _reached(self, items: Items) -> int:
        """The key to go on from: the last one, unless its rows alone fill a page and would come for ever."""
        first, last = self._key(items[0]), self._key(items[-1])
        is_stuck = not self._listed.is_unique and len(items) >= PAGE and first == last
        return last + 1 if is_stuck else last

    def _pages_of_chain(self, length: int) -> Iterator[Items]:
        if length == 1:
            yield self._single()
            return
        try:
            answers = self._chained(length)
        except PortalError:
            raise
        except (TransientError, TerminalError):
            # Heavy pages do not fit into one call of 60 seconds; some portals refuse batches altogether.
            self._longest = max(1, length // 4)
            return
        if not answers:
            self._longest = 1  # neither pages nor errors: this portal's batches tell nothing
        yield from self._trusted(answers)

    def _single(self) -> Items:
        for _ in range(3):
            result = self._result()
            items = self._listed.rows(result)
            if self._listed.has_page(result) and self._continues(items):
                return items
        raise UnreadableReplyError(
            "the portal repeats pages.", self._listed.method, "Try again later; the next run resumes."
        )

    def _result(self) -> Any:
        listed, command = self._listed, self._listed.command(self._last)
        try:
            return self._portal.call(self._requester, command.method, command.params)["result"]
        except RefusedRequestError:
            if listed.plain_params is None:
                raise
            self._listed = replace(listed, params=listed.plain_params, plain_params=None)
            return self._result()

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
            if not (self._listed.has_page(answer.result) and self._continues(items)):
                return self._note_mistrust()
            yield items
            if len(items) < PAGE:
                return None
        return None

    def _note_failure(self, number: int, error: tuple[Any, str]) -> None:
        """A single call will tell whether it was the request: it retries, and refers to no other page."""
        try:
            self._portal.wait_or_raise(self._listed.command(self._last), error)
        except PortalError:
            raise
        except TransientError:
            self._is_single_next = number == 0
        except TerminalError:
            self._is_single_next = True
            self._note_mistrust()

    def _note_mistrust(self) -> None:
        """References were not understood, or a page came twice: go on from the last good key."""
        self._mistrusted += 1
        if self._mistrusted >= MISTRUSTED_CHAINS:
            self._longest = 1

    def _continues(self, items: Items) -> bool:
        """Whether the rows answer this request: they are in order behind the last one."""
        keys = [self._last, *(self._key(item) for item in items)]
        is_in_order = operator.lt if self._listed.is_unique else operator.le
        return all(is_in_order(earlier, later) for earlier, later in pairwise(keys))

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
    count and read again if it is less. Some portals count what they do not show: two readings that end with
    the same rows are the list, too.
    """
    rows: dict[str, dict[str, Any]] = {}
    known: set[str] = set()
    for _ in range(4):
        total, is_ended = 0, False
        for body in _offset_pages(portal, requester, command, start):
            found = rows_of(body["result"], rows_in)
            if found is None:
                raise UnreadableReplyError("the list has an odd shape.", command.method, "Please report it.")
            rows |= {str(row.get("ID", row.get("id"))): row for row in found}
            total, is_ended = int(body.get("total") or 0), body.get("next") is None
        if len(rows) >= total or (is_ended and rows.keys() == known):
            return list(rows.values())
        known = set(rows)
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
