"""One cycle of one connection, from the server's clock to its rows of extraction_runs."""

from __future__ import annotations

import gc
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from extract.core.clock import ServerClock
from extract.core.errors import MissingScopeError, NotAvailableError, SettingsError, SourceError
from extract.core.lake import Lake
from extract.core.pipeline import Landing
from extract.core.streams import Cycle, StreamRun

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from extract.core.settings import Connection
    from extract.core.source import Progress, Source


# Pages are trees of a hundred thousand objects without a cycle among them: looking through them for
# garbage at Python's usual pace takes a fifth of the reading.
COLLECT_RARELY = (200_000, 20, 100)


@dataclass(frozen=True)
class EntityRun:
    """What one cycle did for one entity."""

    connection: str
    crm: str
    entity: str
    started_at: datetime
    completed_at: datetime
    is_complete: bool
    is_required: bool
    rows: int
    requests: int
    error: str | None
    quota_share: float | None


def extract_connection(  # noqa: PLR0913
    connection: Connection,
    source: Source,
    home: Path,
    *,
    entities: list[str] | None = None,
    since: date | None = None,
    from_scratch: bool = False,
    is_thorough: bool = False,
    progress: Progress | None = None,
) -> list[EntityRun]:
    """Run one cycle of one connection and land its extraction_runs.

    Args:
        connection: Which portal.
        source: The CRM it is.
        home: The data home.
        entities: Only these; without it all that the connection asks for.
        since: Read what changed since then, in place of since the last cycle.
        from_scratch: Read the CRM again from nothing; what is landed stays.
        is_thorough: Sweep what is due once a day too.
        progress: Told the records read, as they come.

    Raises:
        PortalError: When nothing of the connection can be read.
        TransientError: When the portal cannot be reached.
    """
    wanted = chosen_entities(connection, source, entities)
    gc.set_threshold(*COLLECT_RARELY)
    lake = Lake(home)
    is_full = entities is None and since is None
    begun = datetime.now(UTC)
    portal = source.open(connection)
    fatal: SourceError | None = None
    runs: list[EntityRun] = []
    try:
        clock = ServerClock(portal.server_time(), floor=_last_moment(lake, connection))
        cycle = Cycle(connection, source, portal, clock, lake, Landing(connection, lake))
        cycle.run(wanted, since=since, from_scratch=from_scratch, progress=progress, is_thorough=is_thorough)
        fatal = cycle.fatal
        optional = {entity.name for entity in source.entities if entity.is_optional}
        runs = [
            _entity_run(connection, run, entity, is_optional=entity in optional)
            for run in cycle.streams
            for entity in run.wanted
        ]
    except SourceError as error:
        runs = [_failed_run(connection, entity, begun, error) for entity in wanted]
        raise
    finally:
        portal.close()
        if runs:
            lake.land_runs([_run_row(run, begun, is_full_cycle=is_full) for run in runs])
    if fatal:
        raise fatal
    return runs


def chosen_entities(connection: Connection, source: Source, entities: list[str] | None) -> list[str]:
    """The entities of a cycle, checked."""
    known = [entity.name for entity in source.entities]
    wanted = list(entities if entities is not None else connection.entities or known)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        where = f"connection {connection.name!r}"
        raise SettingsError(f"there is no entity {unknown[0]!r}.", where, f"Known: {', '.join(known)}.")
    return wanted


def _last_moment(lake: Lake, connection: Connection) -> datetime | None:
    rows = (
        row for row in lake.extraction_runs() if row["connection"] == connection.name and row["is_complete"]
    )
    moments = [row["completed_at"] for row in rows]
    return max(moments).replace(tzinfo=UTC) if moments else None


def _entity_run(connection: Connection, run: StreamRun, entity: str, *, is_optional: bool) -> EntityRun:
    error = run.error
    if isinstance(error, SourceError) and error.entities and entity not in error.entities:
        error = None
    return EntityRun(
        connection=connection.name,
        crm=connection.crm,
        entity=entity,
        started_at=run.started_at,
        completed_at=run.completed_at,
        is_complete=error is None,
        is_required=not (is_optional and isinstance(error, MissingScopeError | NotAvailableError)),
        rows=run.landed.get(entity, 0),
        requests=run.reading.requester.requests if entity == run.wanted[0] else 0,
        error=str(error) if error else None,
        quota_share=run.quota_share,
    )


def _failed_run(connection: Connection, entity: str, begun: datetime, error: SourceError) -> EntityRun:
    return EntityRun(
        connection=connection.name,
        crm=connection.crm,
        entity=entity,
        started_at=begun,
        completed_at=datetime.now(UTC),
        is_complete=False,
        is_required=True,
        rows=0,
        requests=0,
        error=str(error),
        quota_share=None,
    )


def _run_row(run: EntityRun, begun: datetime, *, is_full_cycle: bool) -> dict[str, Any]:
    naive = {name: getattr(run, name).replace(tzinfo=None) for name in ("started_at", "completed_at")}
    run_id = f"{run.connection}-{begun:%Y%m%dT%H%M%S%f}"
    return vars(run) | naive | {"run_id": run_id, "is_full_cycle": is_full_cycle}
