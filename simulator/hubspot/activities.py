"""Calls, meetings, e-mails, tasks and notes as HubSpot objects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from simulator.hubspot.records import ObjectRow, Properties
from simulator.hubspot.standard import CALL_OUTCOMES
from simulator.hubspot.timeline import Entries, State, Timeline, common_entries, plain_text, timeline
from simulator.model import Activity, ActivityType

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.model import Change

SUBJECTS = {
    ActivityType.CALL: "hs_call_title",
    ActivityType.MEETING: "hs_meeting_title",
    ActivityType.EMAIL: "hs_email_subject",
    ActivityType.TASK: "hs_task_subject",
    ActivityType.NOTE: "hs_body_preview",
}
BODIES = {
    ActivityType.CALL: "hs_call_body",
    ActivityType.MEETING: "hs_internal_meeting_notes",
    ActivityType.EMAIL: "hs_email_text",
    ActivityType.TASK: "hs_task_body",
    ActivityType.NOTE: "hs_note_body",
}
BODY = "What was said stays between us."


class ActivityRow(ObjectRow):
    """An activity as it is now."""

    @property
    def activity(self) -> Activity:
        """The record."""
        return cast("Activity", self.record)

    def _timeline(self) -> Timeline:
        return timeline(self.record.changes, self._entries)

    def _entries(self, change: Change, _state: State, _previous: Any) -> Entries:
        return common_entries(change, {"subject": SUBJECTS[self.activity.type]})

    def _computed(self) -> Properties:
        type_ = self.activity.type
        of_type = {
            ActivityType.CALL: self._call,
            ActivityType.MEETING: self._meeting,
            ActivityType.EMAIL: self._email,
            ActivityType.TASK: self._task,
            ActivityType.NOTE: self._note,
        }
        return {BODIES[type_]: BODY, **of_type[type_]()}

    def _moment(self, name: str) -> str | None:
        return plain_text(cast("datetime | None", self.state.get(name)))

    def _started(self) -> str | None:
        return self._moment("start_at") or plain_text(self.record.created_at)

    def _call(self) -> Properties:
        seconds = self.state.get("duration_seconds")
        outcome = self.state.get("outcome")
        return {
            "hs_timestamp": self._started(),
            "hs_call_direction": "INBOUND" if self.activity.is_inbound else "OUTBOUND",
            "hs_call_status": "COMPLETED" if self.state.get("is_completed") else None,
            "hs_call_duration": None if seconds is None else str(1000 * cast("int", seconds)),
            "hs_call_disposition": CALL_OUTCOMES.get(str(outcome)),
        }

    def _meeting(self) -> Properties:
        return {
            "hs_timestamp": self._started(),
            "hs_meeting_start_time": self._moment("start_at"),
            "hs_meeting_end_time": self._moment("end_at"),
            "hs_meeting_outcome": self._meeting_outcome(),
        }

    def _meeting_outcome(self) -> str | None:
        """Of past meetings nobody may have told it."""
        outcome = cast("str | None", self.state.get("outcome"))
        if outcome is not None:
            return outcome.upper().replace(" ", "_")
        return None if self.state.get("is_completed") else "SCHEDULED"

    def _email(self) -> Properties:
        return {
            "hs_timestamp": self._started(),
            "hs_email_direction": "INCOMING_EMAIL" if self.activity.is_inbound else "EMAIL",
            "hs_email_status": "SENT",
        }

    def _task(self) -> Properties:
        is_completed = bool(self.state.get("is_completed"))
        return {
            "hs_timestamp": self.activity.written_deadline or self._moment("deadline"),
            "hs_task_status": "COMPLETED" if is_completed else "NOT_STARTED",
            "hs_task_type": "TODO",
            "hs_task_priority": ("LOW", "MEDIUM", "HIGH")[self.record.number % 3],
            "hs_task_completion_date": self._moment("completed_at") if is_completed else None,
        }

    def _note(self) -> Properties:
        return {"hs_timestamp": self._started()}
