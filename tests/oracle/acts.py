"""The acts of a connection by what they hang on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tests.oracle.activities import deadline, done

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.visible_records import VisibleActivity
    from tests.oracle.inputs import Connection


class Acts:
    """Everything that was done or is planned for each record of a connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._bound: dict[tuple[str, str], list[VisibleActivity]] = defaultdict(list)
        for activity in connection.portal.captures[-1].activities.values():
            for binding in set(activity.bindings):
                self._bound[binding].append(activity)

    def planned(self, kind: str, native_id: str) -> list[VisibleActivity]:
        """What is planned, late or not."""
        return [act for act in self._bound[kind, native_id] if not act.is_completed]

    def missed(self, kind: str, native_id: str) -> list[datetime]:
        """The deadlines that have passed, in order."""
        due = [deadline(act) for act in self.planned(kind, native_id)]
        return sorted(at for at in due if at is not None and at < self.connection.data_as_of)

    def done(self, kind: str, native_id: str) -> list[datetime]:
        """When anything was done."""
        moments = [done(self.connection, act) for act in self._bound[kind, native_id]]
        return [at for at in moments if at is not None]

    def touches(self, kind: str, native_id: str) -> list[datetime]:
        """When somebody here did something about it."""
        acts = [act for act in self._bound[kind, native_id] if act.is_completed and _reaches(act)]
        return [at for act in acts if (at := done(self.connection, act)) is not None]


def _reaches(act: VisibleActivity) -> bool:
    """A note reaches nobody; what comes in is of others, but for a call that was answered."""
    if act.type == "note":
        return False
    if act.direction == "inbound":
        return act.type == "call" and act.duration_seconds != 0
    return True
