"""What vanished from a CRM, and when to disbelieve it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from extract.core.errors import UnlikelyLossError
from extract.core.lake import absent_ids
from extract.core.source import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.core.source import Reading

UNLIKELY_SHARE = 0.2
UNLIKELY_COUNT = 20


def refuse_unlikely_loss(gone: int, alive: int, entity: str, where: str) -> None:
    """Refuse a loss of more than 20 records and 20 % at once: a lost right looks just like it.

    Raises:
        UnlikelyLossError: Nothing may be marked as deleted.
    """
    if gone > UNLIKELY_COUNT and gone > UNLIKELY_SHARE * alive:
        raise UnlikelyLossError(
            f"{gone} of {alive} {entity} vanished at once; that looks like lost permissions,"
            " so none is marked deleted.",
            where,
            "Check that the token's owner may still read all of them. If they really were deleted, run"
            f" `dealhouse extract --entity {entity} --from-scratch`.",
        )


def dictionary_step(reading: Reading, entity: str, ids: list[str], records: Sequence[Any]) -> Step:
    """A full snapshot: its rows, and tombstones of what it no longer holds."""
    where = f"connection {reading.connection.name!r}, {entity}"
    page = reading.snapshot(ids, records)
    alive = reading.captures[entity].alive()
    gone = absent_ids(alive, page.select(["id"]))
    if not reading.from_scratch:
        refuse_unlikely_loss(len(gone), alive.num_rows, entity, where)
        if not ids and alive.num_rows > 1:
            raise UnlikelyLossError(
                f"the portal now shows no {entity}; that looks like a lost permission.",
                where,
                "Check the scopes of the token and the rights of its owner.",
            )
    return Step({entity: pa.concat_tables([page, reading.tombstones(gone)])}, read=len(ids))
