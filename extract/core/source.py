"""What a source is: entities, the streams that read them, censuses, and a probe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

import orjson
import pyarrow as pa

from extract.core.clock import parse_time
from extract.core.lake import CAPTURE_SCHEMA, INSTANT
from extract.core.privacy import Privacy

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date, datetime

    from extract.core.clock import ServerClock
    from extract.core.http import Requester
    from extract.core.lake import Captures
    from extract.core.probe import Finding
    from extract.core.settings import Connection

CENSUS_SCHEMA = pa.schema(
    [
        ("native_id", pa.string()),
        ("pipeline_id", pa.string()),
        ("stage_id", pa.string()),
        ("owner_id", pa.string()),
        ("amount", pa.string()),
        ("currency", pa.string()),
        ("modified_at", INSTANT),
        ("merged_ids", pa.list_(pa.string())),
    ]
)
"""Ids and amounts as the CRM writes them, null where it says nothing; `merged_ids`: merged into this one."""

A_WEEK = timedelta(days=6, hours=12)  # for cycles that begin at the same time of day
WITHOUT_NIGHTS = timedelta(days=1, hours=12)  # after which any cycle does what no thorough one has done

Progress = Callable[[str, str, int], None]
"""Called with the connection, the entity and the records read so far."""


class Kind(StrEnum):
    """How captures of an entity add up to its present state."""

    RECORD = "record"
    EVENT = "event"
    OWNED_SET = "owned_set"
    DICTIONARY = "dictionary"


@dataclass(frozen=True)
class Entity:
    """A table of the lake. An optional one needs a right or a plan that not every portal has.

    It is told by name where it may not be read, and the cycle counts as complete without it.
    """

    name: str
    kind: Kind
    is_optional: bool = False


@dataclass(frozen=True)
class Step:
    """Pages to land, and the stream's state once they are; `read` counts records before comparison."""

    pages: dict[str, pa.Table] = field(default_factory=dict)
    state: dict[str, Any] | None = None
    read: int = 0


@dataclass(frozen=True)
class Reading:
    """All that a stream needs for one cycle. `state` is what its last landed step left behind."""

    connection: Connection
    portal: Portal
    requester: Requester
    clock: ServerClock
    state: dict[str, Any]
    captures: dict[str, Captures]
    since: date | None
    from_scratch: bool
    flush: Callable[[], None]  # returns once all that was yielded before is committed
    await_earlier: Callable[[], None]  # returns once the stream's `after` entities have been read
    is_thorough: bool = False  # a sweep that is not due yet is made all the same

    def is_weekly_due(self, last: str | None) -> bool:
        """Whether it is time to read all again, since that moment: by night, or else in any cycle."""
        allowed = A_WEEK if self.is_thorough else A_WEEK + WITHOUT_NIGHTS
        return last is None or self.clock.now() - parse_time(last) > allowed

    def page(self, ids: list[str], modified: list[datetime], records: Sequence[Any]) -> pa.Table:
        """Records as the lake's columns."""
        return make_page(self.connection.name, ids, modified, records, self.clock.now())

    def snapshot(self, ids: list[str], records: Sequence[Any]) -> pa.Table:
        """Rows of a dictionary, which have no time of their own."""
        now = self.clock.now()
        return make_page(self.connection.name, ids, [now] * len(ids), records, now)

    def tombstones(self, ids: list[str]) -> pa.Table:
        """Tombstones of records that were found missing now."""
        now = self.clock.now()
        return make_page(self.connection.name, ids, [now] * len(ids), [{}] * len(ids), now, is_deleted=True)


class Stream(Protocol):
    """Reads one or more entities of a connection, in steps that can be committed anywhere."""

    @property
    def entities(self) -> tuple[str, ...]:
        """What it lands; the first one holds its state."""

    @property
    def after(self) -> tuple[str, ...]:
        """Entities that `Reading.await_earlier` waits for."""

    def read(self, reading: Reading) -> Iterator[Step]:
        """Read from where `reading.state` says to the present."""


class Portal(Protocol):
    """An open connection to a portal."""

    def requester(self) -> Requester:
        """A door for one stream."""

    def server_time(self) -> datetime:
        """The server's clock; also proves that the token is accepted."""

    def share_meter(self) -> Callable[[], float]:
        """Start measuring; the result tells the share of the binding limit used since."""

    def stop(self) -> None:
        """Let no request begin and no wait go on."""

    def close(self) -> None:
        """Close pooled connections."""


def _always(_connection: Connection) -> bool:
    return True


@dataclass(frozen=True)
class Census:
    """How to read what a portal shows of its deals or leads now, in as few requests as its quota asks for.

    `read` yields pages in `CENSUS_SCHEMA`, without templates of recurring deals and what lies before the
    connection's start date. What was changed less than `overlap` before a cycle, the next one reads again.

    Attributes:
        entity: What the warehouse calls them.
        record_type: What the warehouse calls one of them, in its keys too.
        read_from: The entity of the lake they are made from, where that is another one.
        is_for: Whether a connection keeps them as this census reads them.
        has_amounts: Whether they are worth something.
        has_lasting_stages: Whether one whose stage was cleared stands where it stood. Who shows no stage
            and never had one is none of them.
        is_of_any_age: Whether they are read from before the start date too.
    """

    entity: str
    record_type: str
    read: Callable[[Portal, Connection], Iterator[pa.Table]]
    overlap: timedelta
    read_from: str = ""
    is_for: Callable[[Connection], bool] = _always
    has_amounts: bool = True
    has_lasting_stages: bool = False
    is_of_any_age: bool = False

    @property
    def table(self) -> str:
        """The entity of the lake that they are read as."""
        return self.read_from or self.entity

    def is_wanted(self, connection: Connection) -> bool:
        """Whether the settings of a connection ask for them at all."""
        is_read = connection.entities is None or self.table in connection.entities
        return is_read and self.is_for(connection)

    def start_of(self, connection: Connection) -> date | None:
        """The day from which on they are read."""
        return None if self.is_of_any_age else connection.start_date


@dataclass(frozen=True)
class Source:
    """One CRM."""

    crm: str
    entities: tuple[Entity, ...]
    streams: tuple[Stream, ...]
    open: Callable[[Connection], Portal]
    probe: Callable[[Connection], list[Finding]]
    censuses: tuple[Census, ...]
    privacy: Privacy = field(default_factory=Privacy)

    def kind(self, entity: str) -> Kind:
        """The kind of one of its entities."""
        return next(known.kind for known in self.entities if known.name == entity)

    def is_optional(self, entity: str) -> bool:
        """Whether not every portal has one of its entities."""
        return any(known.is_optional for known in self.entities if known.name == entity)


def make_page(  # noqa: PLR0913
    connection: str,
    ids: list[str],
    modified: list[datetime],
    records: Sequence[Any],
    extracted_at: datetime,
    *,
    is_deleted: bool = False,
) -> pa.Table:
    """The lake's columns. Keys are sorted, so that equal records have equal text."""
    count = len(ids)
    payloads = [orjson.dumps(record, option=orjson.OPT_SORT_KEYS) for record in records]
    columns = [
        pa.array([connection] * count, pa.string()),
        pa.array(ids, pa.string()),
        pa.array(modified, INSTANT),  # aware times become UTC
        pa.array(payloads, pa.string()),
        pa.array([extracted_at] * count, INSTANT),
        pa.array([is_deleted] * count, pa.bool_()),
    ]
    return pa.Table.from_arrays(columns, schema=CAPTURE_SCHEMA)
