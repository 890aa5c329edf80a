"""fct_activities: every act, done or planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.inputs import naive

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.visible_records import VisibleActivity
    from tests.oracle.inputs import Connection, Reporting, Row
    from tests.oracle.stages import Directory

NO_DEADLINE = 2100


def fct_activities(connection: Connection, reporting: Reporting, directory: Directory) -> list[Row]:
    """One row per act that exists."""
    found = connection.portal.captures[-1].activities
    return [_row(connection, reporting, directory, activity) for activity in found.values()]


def _row(connection: Connection, reporting: Reporting, directory: Directory, shown: VisibleActivity) -> Row:
    key = f"{connection.name}:{shown.record_type}:{shown.native_id}"
    done_at = done(connection, shown)
    at = done_at or deadline(shown)
    return {
        "activity_key": key,
        "record_key": key,
        "connection": connection.name,
        "record_type": shown.record_type,
        "native_id": shown.native_id,
        "record_url": _url(connection, shown),
        "title": shown.subject,
        "activity_type": shown.type,
        "direction": shown.direction,
        "employee_key": connection.key("employee", shown.employee_id),
        "employee_name": directory.employee_name(shown.employee_id),
        "department": directory.department(shown.employee_id),
        "primary_record_key": None if shown.primary is None else connection.key(*shown.primary),
        "deal_key": _deal_key(connection, shown),
        "activity_at": naive(at),
        "activity_date": None if at is None else reporting.day(at),
        "done_at": naive(done_at),
        "deadline_at": naive(deadline(shown)),
        "is_completed": shown.is_completed,
        "is_done_at_estimated": shown.is_completed and shown.done_at is None,
    } | _measures(connection, shown)


def _measures(connection: Connection, shown: VisibleActivity) -> Row:
    due = deadline(shown)
    is_late = due is not None and due < connection.data_as_of
    return {
        "duration_seconds": shown.duration_seconds,
        "done_count": int(shown.is_completed),
        "planned_count": int(not shown.is_completed),
        "overdue_count": int(not shown.is_completed and is_late),
        "total_duration_seconds": (shown.duration_seconds or 0) if shown.is_completed else 0,
    }


def _url(connection: Connection, shown: VisibleActivity) -> str | None:
    path = shown.record_path
    return path if path is None or path.startswith("https:") else connection.portal_url + path


def _deal_key(connection: Connection, shown: VisibleActivity) -> str | None:
    """The primary record if that is a deal, else the first of the deals it is bound to."""
    if shown.primary is not None and shown.primary[0] == "deal":
        return connection.key(*shown.primary)
    keys = sorted(
        f"{connection.name}:deal:{native_id}" for kind, native_id in shown.bindings if kind == "deal"
    )
    return keys[0] if keys else None


def deadline(shown: VisibleActivity) -> datetime | None:
    """Until when it is due; a day that nobody will live to see is none."""
    due = shown.deadline_at
    return None if due is None or due.year >= NO_DEADLINE else due


def done(connection: Connection, shown: VisibleActivity) -> datetime | None:
    """When it was done; where nobody tells, at the last change of the version first seen done."""
    if shown.done_at is not None or not shown.is_completed:
        return shown.done_at
    key = f"{shown.record_type}:{shown.native_id}"
    seen_done = shown
    for capture in reversed(connection.portal.captures):
        version = capture.activities.get(key)
        if version is not None and not version.is_completed:
            break
        seen_done = version or seen_done
    return seen_done.modified_at
