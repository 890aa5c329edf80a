"""Addresses of contacts and companies, as sets by owner: nothing tells when one was changed or removed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import pyarrow as pa
import pyarrow.compute as pc

from extract.core.clock import parse_time
from extract.core.errors import NotAvailableError, RefusedRequestError
from extract.core.lake import absent_ids
from extract.core.losses import refuse_unlikely_loss
from extract.core.source import Step
from extract.sources.bitrix24.items import COMPANY, CONTACT
from extract.sources.bitrix24.records import SWEEP_INTERVAL, SWEPT_ALWAYS
from extract.sources.bitrix24.walks import Items, KeyedList, KeyWalk, by_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from extract.core.source import Reading
    from extract.sources.bitrix24.api import BitrixPortal

OWNERS = {CONTACT: "contact", COMPANY: "company"}
# They hang on requisites, of which a client may have several; the anchor is the client itself.
ANCHOR, ANCHOR_TYPE = "ANCHOR_ID", "ANCHOR_TYPE_ID"
IDENTITY = ("TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID")  # they have no id of their own
FIRST_KEY = 1

Sets = dict[int, dict[tuple[str, ...], dict[str, Any]]]
"""By the id of an owner, its addresses by their identity."""


def listed(owner_type: int) -> KeyedList:
    """The addresses of one kind of owners, in the order of these."""
    kind = {ANCHOR_TYPE: owner_type}
    return KeyedList("crm.address.list", ANCHOR, filter=kind, proof=ANCHOR_TYPE, rows_in="", is_unique=False)


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
        unfinished = reading.state.get("walk") if is_first and not reading.from_scratch else None
        shown: list[str] = []
        for owner_type, owner in OWNERS.items():
            begun_at = _begun_at(unfinished, owner_type)
            for reached, sets in _walked(reading, owner_type, begun_at, _count_of(owner, alive)):
                page = _page(reading, owner, sets)
                shown += page["id"].to_pylist()
                walk = {"walk": {"owner_type": owner_type, "last": reached}}
                yield Step({self.name: page}, walk if is_first else None, sum(map(len, sets.values())))
        if not unfinished:
            yield from self._gone(reading, alive, shown)
        if is_first or alive.num_rows > SWEPT_ALWAYS:
            yield Step(state={"read_at": reading.clock.now().isoformat()})

    def _gone(self, reading: Reading, alive: pa.Table, shown: list[str]) -> Iterator[Step]:
        missing = absent_ids(alive, pa.table({"id": pa.array(shown, pa.string())}))
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


def _begun_at(unfinished: dict[str, int] | None, owner_type: int) -> int | None:
    """The key that a walk begins with; None for owners that the unfinished one had behind it."""
    if unfinished is None or owner_type > unfinished["owner_type"]:
        return FIRST_KEY
    return unfinished["last"] if owner_type == unfinished["owner_type"] else None


def _count_of(owner: str, alive: pa.Table) -> int:
    return int(pc.sum(pc.starts_with(alive["id"], f"{owner}:")).as_py() or 0)


def _walked(
    reading: Reading, owner_type: int, begun_at: int | None, expected: int
) -> Iterator[tuple[int, Sets]]:
    """The sets that end with a request, and the owner to go on from: the last one's may go on there."""
    if begun_at is None:
        return
    portal = cast("BitrixPortal", reading.portal)
    walk = KeyWalk(portal, reading.requester, listed(owner_type), begun_at, expected=expected)
    sets: Sets = {}
    reached = begun_at
    for rows in walk.chains():
        _add(sets, rows)
        reached = int(rows[-1][ANCHOR])
        yield reached, {owner_id: sets[owner_id] for owner_id in sets if owner_id != reached}
        sets = {owner_id: sets[owner_id] for owner_id in sets if owner_id == reached}
    yield reached, sets


def _add(sets: Sets, rows: Items) -> None:
    for row in rows:
        identity = tuple(str(row.get(name)) for name in IDENTITY)
        sets.setdefault(int(row[ANCHOR]), {})[identity] = row


def _page(reading: Reading, owner: str, sets: Sets) -> pa.Table:
    """In an order of their own, so that the same addresses are the same payload."""
    records = []
    for owner_id, addresses in sets.items():
        ordered = sorted(addresses.items(), key=lambda item: [(len(part), part) for part in item[0]])
        rows = [address for _, address in ordered]
        records.append({"ownerType": owner, "ownerId": str(owner_id), "addresses": rows})
    return reading.snapshot([f"{owner}:{owner_id}" for owner_id in sets], records)


def _confirmed(reading: Reading, missing: list[str]) -> list[str]:
    """Those that nothing is shown of when asked for by their owners either."""
    portal = cast("BitrixPortal", reading.portal)
    owners = sorted({set_id.partition(":")[2] for set_id in missing})
    shown = {
        f"{OWNERS.get(int(row[ANCHOR_TYPE]))}:{row[ANCHOR]}"
        for rows in by_values(portal, reading.requester, listed(CONTACT), f"@{ANCHOR}", owners)
        for row in rows
    }
    return [set_id for set_id in missing if set_id not in shown]


ADDRESSES = Addresses()
