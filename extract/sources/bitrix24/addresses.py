"""Addresses of contacts and companies, as sets by owner: nothing tells when one was changed or removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa

from extract.core.clock import parse_time
from extract.core.errors import NotAvailableError, RefusedRequestError
from extract.core.lake import absent_ids
from extract.core.losses import refuse_unlikely_loss
from extract.core.source import Step
from extract.sources.bitrix24.items import COMPANY, CONTACT
from extract.sources.bitrix24.records import SWEEP_INTERVAL, SWEPT_ALWAYS
from extract.sources.bitrix24.walks import Items, KeyedList, KeyWalk, by_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from extract.core.source import Reading
    from extract.sources.bitrix24.api import BitrixPortal

OWNERS = {str(CONTACT): "contact", str(COMPANY): "company"}
# They hang on requisites, of which a client may have several; the anchor is the client itself.
LISTED = KeyedList(
    "crm.address.list",
    "ANCHOR_ID",
    filter={"@ANCHOR_TYPE_ID": [CONTACT, COMPANY]},
    proof="ANCHOR_TYPE_ID",
    rows_in="",
    is_unique=False,
)
IDENTITY = ("TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID")  # they have no id of their own
FIRST_KEY = 1

Row = dict[str, Any]
Sets = dict[str, dict[tuple[str, ...], Row]]
"""By the id of a set, its addresses by their identity."""


@dataclass(frozen=True)
class Addresses:
    """The stream of addresses: read whole in every cycle, or once a day where they are many."""

    name: str = "addresses"
    after: tuple[str, ...] = ()

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands."""
        return (self.name,)

    def read(self, reading: Reading) -> Iterator[Step]:
        """All sets, then tombstones of those that are no more."""
        alive = reading.captures[self.name].alive()
        if not _is_due(reading, alive.num_rows):
            return
        try:
            yield from self._sets(reading, alive)
        except RefusedRequestError as error:  # whatever it is that this portal refuses: clients have no place
            raise NotAvailableError(error.what, error.where) from None

    def _sets(self, reading: Reading, alive: pa.Table) -> Iterator[Step]:
        is_first = "read_at" not in reading.state
        is_resumed = is_first and not reading.from_scratch
        begun_at = reading.state.get("walk", FIRST_KEY) if is_resumed else FIRST_KEY
        walk = KeyWalk(
            cast("BitrixPortal", reading.portal),
            reading.requester,
            LISTED,
            begun_at,
            expected=alive.num_rows,
        )
        shown: list[str] = []
        for reached, sets in _complete(walk.chains()):
            shown += sets
            page = {self.name: _page(reading, sets)} if sets else {}
            yield Step(page, {"walk": reached} if is_first else None, sum(map(len, sets.values())))
        if begun_at == FIRST_KEY:
            yield from self._gone(reading, alive, shown)
        if is_first or alive.num_rows > SWEPT_ALWAYS:
            yield Step(state={"read_at": reading.clock.now().isoformat()})

    def _gone(self, reading: Reading, alive: pa.Table, shown: list[str]) -> Iterator[Step]:
        missing = absent_ids(alive, _ids(shown))
        if not reading.from_scratch:
            where = f"connection {reading.connection.name!r}, {self.name}"
            refuse_unlikely_loss(len(missing), alive.num_rows, self.name, where)
        gone = _confirmed(reading, missing)
        if gone:
            yield Step({self.name: reading.tombstones(gone)})


def _is_due(reading: Reading, count: int) -> bool:
    read_at = reading.state.get("read_at")
    if read_at is None or reading.from_scratch or reading.is_thorough or count <= SWEPT_ALWAYS:
        return True
    return bool(reading.clock.now() - parse_time(read_at) > SWEEP_INTERVAL)


def _complete(chains: Iterable[Items]) -> Iterator[tuple[int, Sets]]:
    """The sets that end with a request, and the key to go on from: sets of the last one may go on there."""
    sets: Sets = {}
    for rows in chains:
        _add(sets, rows)
        reached = int(rows[-1][LISTED.key])
        ended = {set_id: sets[set_id] for set_id in sets if _owner_of(set_id) != str(reached)}
        yield reached, ended
        sets = {set_id: sets[set_id] for set_id in sets if set_id not in ended}
    if sets:
        yield int(_owner_of(next(iter(sets)))), sets


def _add(sets: Sets, rows: Items) -> None:
    for row in rows:
        owner = OWNERS.get(str(row["ANCHOR_TYPE_ID"]))
        if owner:
            identity = tuple(str(row.get(name)) for name in IDENTITY)
            sets.setdefault(f"{owner}:{row[LISTED.key]}", {})[identity] = row


def _owner_of(set_id: str) -> str:
    return set_id.partition(":")[2]


def _page(reading: Reading, sets: Sets) -> pa.Table:
    """In an order of their own, so that the same addresses are the same payload."""
    records = []
    for set_id, addresses in sets.items():
        kind, _, native_id = set_id.partition(":")
        ordered = sorted(addresses.items(), key=lambda item: [(len(part), part) for part in item[0]])
        records.append(
            {"ownerType": kind, "ownerId": native_id, "addresses": [address for _, address in ordered]}
        )
    return reading.snapshot(list(sets), records)


def _confirmed(reading: Reading, missing: list[str]) -> list[str]:
    """Those that nothing is shown of when asked for by their owners either."""
    shown: Sets = {}
    owners = sorted({_owner_of(set_id) for set_id in missing})
    portal = cast("BitrixPortal", reading.portal)
    for rows in by_values(portal, reading.requester, LISTED, f"@{LISTED.key}", owners):
        _add(shown, rows)
    return [set_id for set_id in missing if set_id not in shown]


def _ids(ids: list[str]) -> pa.Table:
    return pa.table({"id": pa.array(ids, pa.string())})


ADDRESSES = Addresses()
