"""What accounts do that nobody promises: broken answers on demand, and other forms of values."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import TYPE_CHECKING, Any

import orjson

from simulator.faults import Fault
from simulator.hubspot.errors import HubSpotError, invalid, not_found
from simulator.identifiers import hubspot as ids
from simulator.portal import Answer, to_json

if TYPE_CHECKING:
    from simulator.faults import Faults
    from simulator.options import Options
    from simulator.portal import Call

LISTS = frozenset({Fault.NO_RESULTS, Fault.GATEWAY_REFUSAL})
FAULTS_BY_TAIL = {
    "search": LISTS | {Fault.EMPTY_SEARCH},
    "batch/read": LISTS | {Fault.FAILED_INPUT},
    "": LISTS,
}
HTML = b"<html><body>Not here.</body></html>"


def broken(faults: Faults, call: Call, answer: Answer) -> Answer:
    """The answer as the rule that meets it leaves it; of objects only."""
    if "/objects/" not in call.path or answer.error:
        return answer
    tail = next(tail for tail in FAULTS_BY_TAIL if call.path.endswith(tail))
    rule = faults.take(call.method, call.path, frozenset(FAULTS_BY_TAIL[tail]))
    if rule is None:
        return answer
    body: dict[str, Any] = orjson.loads(answer.body)
    if rule.fault is Fault.GATEWAY_REFUSAL:
        return Answer(404, HTML, answer.headers, media_type="text/html", error=rule.fault)
    if rule.fault is Fault.NO_RESULTS:
        body = {"status": "PENDING"}
    elif rule.fault is Fault.EMPTY_SEARCH:
        body = {"total": body["total"], "results": []}
    elif body["results"]:
        failed = body["results"].pop()["id"]
        error = {
            "status": "error",
            "category": "INTERNAL_ERROR",
            "message": "oops",
            "context": {"ids": [failed]},
        }
        body["errors"] = [*body.get("errors", []), error]
    return Answer(answer.status, to_json(body), answer.headers, error=rule.fault)


def absence(refusal: str) -> HubSpotError:
    """How an account tells that it lacks a type of objects."""
    return not_found() if refusal == "404" else invalid(refusal)


def shown(data: bytes, options: Options) -> bytes:
    """An object in the form that its values have in this account."""
    if not options.has_millisecond_times and options.tells_archived_at:
        return data
    row = orjson.loads(data)
    if not options.tells_archived_at:
        row.pop("archivedAt", None)
    if options.has_millisecond_times:
        row["updatedAt"] = _milliseconds(row["updatedAt"])
        for name in ("hs_lastmodifieddate", "lastmodifieddate"):
            if row["properties"].get(name):
                row["properties"][name] = str(_milliseconds(row["properties"][name]))
        for versions in row.get("propertiesWithHistory", {}).values():
            for version in versions:
                version["timestamp"] = _milliseconds(version["timestamp"])
    return orjson.dumps(row)


def _milliseconds(text: str) -> int:
    return ids.epoch_milliseconds(datetime.fromisoformat(text))


def cursor(offset: int, options: Options) -> str:
    """The cursor that stands for an offset."""
    text = str(offset)
    return text if options.cursors == "offset" else urlsafe_b64encode(f"o:{text}".encode()).decode()


def offset_of(after: str | None, options: Options) -> int:
    """The offset that a cursor stands for."""
    try:
        if not after or options.cursors == "offset":
            return int(after or 0)
        return int(urlsafe_b64decode(after).decode().removeprefix("o:"))
    except ValueError as error:
        raise invalid("Invalid paging cursor.") from error
