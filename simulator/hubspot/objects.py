"""Reading objects of a type: the list, one, many by id, and search."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson

from simulator.hubspot.errors import invalid, not_found
from simulator.hubspot.oddities import cursor, offset_of, shown
from simulator.hubspot.search import Search
from simulator.identifiers import hubspot as ids
from simulator.portal import Raw

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from simulator.hubspot.records import Index, ObjectRow, Wanted
    from simulator.options import Options
    from simulator.portal import Call

MAX_PAGE, MAX_PAGE_WITH_HISTORY, DEFAULT_PAGE = 100, 50, 10
# From this version on a batch with unknown ids is an ordinary success that lists its errors.
FIRST_WITHOUT_207 = "2026-09"


@dataclass
class Reply:
    """The value to send and its HTTP status."""

    value: Any
    status: int = 200


class Objects:
    """The object routes over an index."""

    def __init__(self, index: Index, options: Options, now: Callable[[], datetime]) -> None:
        self.index = index
        self.options = options
        self.now = now

    def list(self, call: Call, _found: re.Match[str]) -> Reply:
        """A page of the present objects, or of the archived ones, by ascending id."""
        query = dict(call.query)
        wanted = _wanted_of_query(call)
        limit = _checked_limit(query.get("limit", DEFAULT_PAGE), has_history=bool(wanted[1]))
        rows = self.index.archived if query.get("archived") == "true" else self.index.present
        begin = self._begin(rows, query.get("after"))
        body: dict[str, Any] = {"results": [self._shown(row, wanted) for row in rows[begin : begin + limit]]}
        if begin + limit < len(rows):
            is_by_id = self.options.cursors == "id"
            following = str(rows[begin + limit].key) if is_by_id else cursor(begin + limit, self.options)
            body["paging"] = {"next": {"after": following, "link": f"{call.path}?after={following}"}}
        return Reply(body)

    def _begin(self, rows: Sequence[ObjectRow], after: str | None) -> int:
        if self.options.cursors != "id":
            return offset_of(after, self.options)
        if not (after or "0").isdigit():
            raise invalid("Invalid paging cursor.")
        return bisect_left(rows, int(after or 0), key=lambda row: row.key)

    def _shown(self, row: ObjectRow, wanted: Wanted) -> Raw:
        return Raw(shown(row.render(wanted), self.options))

    def get(self, call: Call, found: re.Match[str]) -> Reply:
        """One object."""
        row = self._row(found["id"], is_archived=dict(call.query).get("archived") == "true")
        if row is None:
            raise not_found()
        return Reply(self._shown(row, _wanted_of_query(call)))

    def batch_read(self, call: Call, found: re.Match[str]) -> Reply:
        """Objects by id; ids that do not exist are listed as errors, merged ones answer with the survivor."""
        body = json_body(call)
        wanted = _wanted_of_body(body)
        keys = [str(item.get("id")) for item in body.get("inputs", [])]
        _checked_limit(len(keys) or 1, has_history=bool(wanted[1]))
        is_archived = dict(call.query).get("archived") == "true"
        rows = {key: self._row(key, is_archived=is_archived) for key in keys}
        missing = [key for key, row in rows.items() if row is None]
        moment = ids.instant_text(self.now())
        value: dict[str, Any] = {
            "status": "COMPLETE",
            "results": [self._shown(row, wanted) for row in _distinct(rows.values())],
            "startedAt": moment,
            "completedAt": moment,
        }
        if not missing:
            return Reply(value)
        value |= {"numErrors": 1, "errors": [_missing(self.index.type.name, missing)]}
        return Reply(value, partial_status(found, has_errors=True))

    def search(self, call: Call, _found: re.Match[str]) -> Reply:
        """A page of what matches; what changed within the index lag is not found yet."""
        body = json_body(call)
        if body.get("propertiesWithHistory"):
            raise invalid("propertiesWithHistory is not supported by search.")
        search = Search(body, self.index.type, self.options.search_cap)
        rows = self.index.present
        if self.options.search_lag_seconds:
            indexed_until = self.now() - timedelta(seconds=self.options.search_lag_seconds)
            rows = [row for row in rows if row.modified_at <= indexed_until]
        total, page = search.run(rows, call.shift)
        wanted = _wanted_of_body(body)
        value: dict[str, Any] = {"total": total, "results": [self._shown(row, wanted) for row in page]}
        following = search.offset + search.limit
        if following < total:
            value["paging"] = {"next": {"after": str(following)}}
        return Reply(value)

    def _row(self, key: str, *, is_archived: bool) -> ObjectRow | None:
        row = self.index.by_key.get(int(key)) if key.isdigit() else None
        return row if row is not None and row.is_archived is is_archived else None


def partial_status(found: re.Match[str], *, has_errors: bool) -> int:
    """The status of a batch that could not answer everything."""
    is_told = found["version"] is None or found["version"] < FIRST_WITHOUT_207
    return 207 if has_errors and is_told else 200


def _wanted_of_query(call: Call) -> Wanted:
    return _names(call, "properties"), _names(call, "propertiesWithHistory")


def _names(call: Call, key: str) -> tuple[str, ...]:
    lists = [value.split(",") for name, value in call.query if name == key]
    return tuple(name.strip() for names in lists for name in names if name.strip())


def _wanted_of_body(body: dict[str, Any]) -> Wanted:
    return tuple(body.get("properties") or ()), tuple(body.get("propertiesWithHistory") or ())


def _checked_limit(limit: Any, *, has_history: bool) -> int:
    most = MAX_PAGE_WITH_HISTORY if has_history else MAX_PAGE
    if not str(limit).isdigit() or not 0 < int(limit) <= most:
        raise invalid(f"Page size must be between 1 and {most}.")
    return int(limit)


def _distinct(rows: Iterable[ObjectRow | None]) -> list[ObjectRow]:
    return list({row.key: row for row in rows if row is not None}.values())


def _missing(name: str, keys: list[str]) -> dict[str, Any]:
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": f"Could not get some {name}, they may be deleted or not exist.",
        "context": {"ids": keys},
    }


def json_body(call: Call) -> dict[str, Any]:
    """The object that was posted."""
    try:
        body = orjson.loads(call.body)
    except orjson.JSONDecodeError as error:
        raise invalid("Invalid input JSON on line 1.") from error
    if not isinstance(body, dict):
        raise invalid("Invalid input JSON on line 1.")
    return body
