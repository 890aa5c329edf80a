"""Quiet hours: in the clock of their own zone, over midnight and through changes of the clock."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from orchestration.alerts.routes import QuietHours


def is_quiet(hours: QuietHours | None, now: datetime, zone: str) -> bool:
    """Whether nothing is sent now.

    Args:
        hours: The quiet hours, if there are any: from `begin` on, until just before `end`.
        now: The moment, aware.
        zone: The zone of the company's reports, for hours that name none.
    """
    if hours is None:
        return False
    clock = now.astimezone(ZoneInfo(hours.timezone or zone)).time()
    if hours.begin < hours.end:
        return hours.begin <= clock < hours.end
    return clock >= hours.begin or clock < hours.end
