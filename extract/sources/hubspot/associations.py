"""What objects are associated with: the whole set of each object and type of target, read for many at once.

A change of an association changes no time of modification. So the sets of changed objects are read in every
cycle, and those of all objects too where there are few, else once in a while.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from extract.core.clock import parse_time
from extract.core.errors import (
    MissingScopeError,
    NotAvailableError,
    PortalError,
    RefusedRequestError,
    TerminalError,
    UnreadableReplyError,
)
from extract.core.http import Request
from extract.core.source import Step
from extract.sources.hubspot.api import VERSION
from extract.sources.hubspot.errors import absent_if_refused
from extract.sources.hubspot.types import ACTIVITIES, COMPANIES, CONTACTS, DEALS, LEADS, ObjectType

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from extract.core.http import Requester
    from extract.core.source import Reading

MAX_INPUTS = 1000
FEW = 20_000
SWEEP_EVERY = timedelta(hours=20)
WORKERS = 3
REPEATS = 3
NOBODY = "1"  # asked for where there is nothing to read

Pair = tuple[ObjectType, ObjectType]
Links = dict[str, list[dict[str, Any]]]
"""By the id of an object, what it is associated with."""


@dataclass(frozen=True)
class Associations:
    """The stream of the associations between some types of objects."""

    name: str
    pairs: tuple[Pair, ...]

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return (self.name,)

    @property
    def after(self) -> tuple[str, ...]:
        """The objects whose associations these are."""
        return tuple(dict.fromkeys(source.name for source, _ in self.pairs))

    def is_needed(self, pair: Pair) -> bool:
        """Whether it is a gap when the pair may not be read.

        An account without leads is told so by its leads; that its activities hang on none is no gap.
        """
        return LEADS not in pair or all(source is LEADS for source, _ in self.pairs)

    def read(self, reading: Reading) -> Iterator[Step]:
        """The sets of what changed, or of all; a type that may not be read does not stop the others."""
        reading.await_earlier()
        reading.flush()
        pairs = [pair for pair in self.pairs if all(type_.is_read_from(reading.connection) for type_ in pair)]
        if not pairs:
            return
        refused: TerminalError | None = None
        is_without_leads = False
        alive = {name: _texts(reading.captures[name].alive()) for name in self.after}
        is_sweep = _is_sweep(reading, sum(map(len, alive.values())))
        wanted = alive if is_sweep else self._changed(reading)
        for pair in pairs:
            if is_without_leads and LEADS in pair:
                continue  # said once; more refusals would only be errors on the account's count
            is_absent = pair[0] is LEADS and not alive[LEADS.name]
            try:
                with absent_if_refused(is_meant=is_absent):
                    yield from self._sets(reading, pair, wanted[pair[0].name])
            except PortalError:
                raise
            except TerminalError as error:
                is_told = isinstance(error, MissingScopeError | NotAvailableError)
                is_without_leads = is_without_leads or (is_told and LEADS in pair)
                refused = refused or (error if self.is_needed(pair) else None)
        yield from self._gone(reading, {name: set(ids) for name, ids in alive.items()})
        read_at = reading.clock.server_started_at.isoformat()
        yield Step(state={"read_at": read_at, "swept_at": read_at if is_sweep else reading.state["swept_at"]})
        if refused:
            raise refused

    def _changed(self, reading: Reading) -> dict[str, list[str]]:
        since = parse_time(reading.state["read_at"])
        return {name: _texts(reading.captures[name].alive_since(since)) for name in self.after}

    def _sets(self, reading: Reading, pair: Pair, ids: list[str]) -> Iterator[Step]:
        if not ids:
            check_right(reading.requester, pair)
        chunks = [ids[start : start + MAX_INPUTS] for start in range(0, len(ids), MAX_INPUTS)]
        with ThreadPoolExecutor(WORKERS, f"{reading.connection.name}-{self.name}") as workers:
            for links in workers.map(lambda chunk: read_links(reading.requester, pair, chunk), chunks):
                yield Step({self.name: _page(reading, pair, links)}, read=len(links))

    def _gone(self, reading: Reading, alive: dict[str, set[str]]) -> Iterator[Step]:
        """The sets of objects that are gone: those of a merged one would speak for its survivor."""
        gone = []
        for set_id in _texts(reading.captures[self.name].alive()):
            name, native_id, _ = set_id.split(":")
            if native_id not in alive[name]:
                gone.append(set_id)
        if gone:
            yield Step({self.name: reading.tombstones(gone)})


def _texts(ids: pa.Table) -> list[str]:
    found: list[str] = ids["id"].to_pylist()
    return sorted(found, key=lambda text: (len(text), text))


def _is_sweep(reading: Reading, count: int) -> bool:
    if count <= FEW or reading.from_scratch or reading.is_thorough or "swept_at" not in reading.state:
        return True
    return reading.clock.server_started_at - parse_time(reading.state["swept_at"]) >= SWEEP_EVERY


def _page(reading: Reading, pair: Pair, links: Links) -> pa.Table:
    source, target = pair[0].name, pair[1].name
    sets = [
        {"fromType": source, "fromId": native_id, "toType": target, "to": to}
        for native_id, to in links.items()
    ]
    return reading.snapshot([f"{source}:{native_id}:{target}" for native_id in links], sets)


def read_links(requester: Requester, pair: Pair, ids: list[str]) -> Links:
    """The associations of all of these ids; none of them may stay unanswered.

    Ids without associations come as errors. Where an object has too many for one answer, it is asked again
    from the cursor on.
    """
    links: Links = {native_id: [] for native_id in ids}
    cursors: dict[str, str | None] = dict.fromkeys(ids)
    seen: set[tuple[str, str]] = set()
    repeats = 0
    while cursors:
        reply = _ask(requester, pair, cursors)
        following, is_ahead = _take(reply, cursors, links)
        repeats = 0 if is_ahead else repeats + 1
        moved = {(key, after) for key, after in following.items() if after and after != cursors[key]}
        if repeats == REPEATS or moved & seen:
            label = f"associations of {pair[0].name} with {pair[1].name}"
            what = (
                "HubSpot's pages go round in circles." if moved & seen else "HubSpot leaves ids unanswered."
            )
            raise UnreadableReplyError(what, label, "Try again later.")
        seen |= moved
        cursors = following
    return links


def check_right(requester: Requester, pair: Pair) -> None:
    """Have a missing right told, even where there is nothing to read."""
    # The id is nobody's: that it is refused says that we may ask. Only of leads it says that there are none.
    harmless = (RefusedRequestError,) if LEADS in pair else (RefusedRequestError, NotAvailableError)
    with suppress(*harmless):
        _ask(requester, pair, {NOBODY: None})


def _ask(requester: Requester, pair: Pair, cursors: dict[str, str | None]) -> dict[str, Any]:
    source, target = pair[0].name, pair[1].name
    inputs = [{"id": key} | ({"after": after} if after else {}) for key, after in cursors.items()]
    request = Request(
        "POST",
        f"crm/associations/{VERSION}/{source}/{target}/batch/read",
        f"associations of {source} with {target}",
        limit="associations",
        body={"inputs": inputs},
    )
    body: dict[str, Any] = requester.send(request).body
    return body


def _take(
    reply: dict[str, Any], cursors: dict[str, str | None], links: Links
) -> tuple[dict[str, str | None], bool]:
    """What is still to be asked, and whether the reply told anything new."""
    left = dict(cursors)
    for result in reply.get("results", []):
        native_id = str(result["from"]["id"])
        following = ((result.get("paging") or {}).get("next") or {}).get("after")
        if native_id not in left or (following and following == left[native_id]):
            continue  # the reply to another request
        links[native_id] += [_link(link) for link in result.get("to", [])]
        del left[native_id]
        if following:
            left[native_id] = following
    for native_id in _without(reply, left):
        left.pop(native_id, None)
    return left, left != cursors


def _link(link: dict[str, Any]) -> dict[str, Any]:
    return link | {"toObjectId": str(link["toObjectId"])}


def _without(reply: dict[str, Any], left: dict[str, str | None]) -> set[str]:
    """The ids that have no associations: named, or all that are left where the errors are as many."""
    errors = [error for error in reply.get("errors") or [] if error.get("category") == "OBJECT_NOT_FOUND"]
    contexts = [error.get("context") or {} for error in errors]
    named = {str(key) for context in contexts for keys in context.values() for key in keys}
    asked = {native_id for native_id, after in left.items() if after is None}
    return named or (asked if len(asked) == len(errors) else set())


def _pairs(source: ObjectType, *targets: ObjectType) -> tuple[Pair, ...]:
    return tuple((source, target) for target in targets)


ASSOCIATIONS = (
    # A deal tells its lead: what an archived deal came of stays known, while a lead forgets it.
    Associations("deal_associations", _pairs(DEALS, CONTACTS, COMPANIES, LEADS)),
    Associations("lead_associations", _pairs(LEADS, CONTACTS, COMPANIES)),
    Associations("contact_associations", _pairs(CONTACTS, COMPANIES)),
    Associations(
        "activity_associations",
        tuple(pair for type_ in ACTIVITIES for pair in _pairs(type_, DEALS, LEADS, CONTACTS, COMPANIES)),
    ),
)
