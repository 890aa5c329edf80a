"""Arguments that name connections or entities, checked before anything starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from extract.core.settings import settings_path
from orchestration.console import UsageError
from orchestration.extraction import source_of, wanted_connections
from orchestration.reports.catalogue import suggestion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from extract.core.settings import Connection, Settings


def checked_connections(settings: Settings, names: Sequence[str]) -> list[Connection]:
    """The connections named, or all; a usage error for a name that the settings do not know."""
    known = [connection.name for connection in settings.connections]
    for name in names:
        if name not in known:
            raise UsageError(
                f"There is no connection {name!r}.{suggestion(name, known)}",
                str(settings_path()),
                f"Known: {', '.join(known)}.",
            )
    return wanted_connections(settings, tuple(names))


def checked_entities(connections: Sequence[Connection], names: Sequence[str]) -> None:
    """A usage error for an entity that none of the connections has."""
    known = sorted(
        {entity.name for connection in connections for entity in source_of(connection.crm).entities}
    )
    for name in names:
        if name not in known:
            raise UsageError(
                f"There is no entity {name!r}.{suggestion(name, known)}", "", f"Known: {', '.join(known)}."
            )
