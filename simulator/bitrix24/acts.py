"""Activities as rows of crm.activity.list, and tasks as rows of tasks.task.list: every value is a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from simulator.bitrix24.records import Renderer, flag, user_id
from simulator.identifiers import bitrix24 as ids
from simulator.model import Activity, ActivityType, Binding

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.shown import State

NO_DEADLINE = "9999-12-31T00:00:00+00:00"
TYPE_IDS = {
    ActivityType.MEETING: "1",
    ActivityType.CALL: "2",
    ActivityType.TASK: "3",
    ActivityType.EMAIL: "4",
}
PROVIDERS = {
    ActivityType.MEETING: ("CRM_MEETING", "MEETING"),
    ActivityType.CALL: ("VOXIMPLANT_CALL", "CALL"),
    ActivityType.TASK: ("CRM_TASKS_TASK", "TASKS_TASK"),
    ActivityType.EMAIL: ("CRM_EMAIL", "EMAIL"),
}
TODO = ("CRM_TODO", "TODO")
TODO_TYPE_ID = "6"
ENTITY_TYPES = {"lead": 1, "deal": 2, "contact": 3, "company": 4}
TASK_PREFIXES = {"lead": "L", "deal": "D", "contact": "C", "company": "CO"}
RECORD_IDS = {
    "lead": ids.lead_id,
    "deal": ids.deal_id,
    "contact": ids.contact_id,
    "company": ids.company_id,
}
WAITING, IN_PROGRESS, DONE = "2", "3", "5"


def activity_row(renderer: Renderer, activity: Activity, state: State) -> dict[str, Any]:
    """A row of crm.activity.list; its owner is the first record it hangs on."""
    provider, provider_type = TODO if ids.is_todo(activity) else PROVIDERS[activity.type]
    owner_type, owner_id = _owner(state)
    row: dict[str, Any] = {
        "ID": str(ids.activity_id(activity.number)),
        "OWNER_ID": owner_id,
        "OWNER_TYPE_ID": owner_type,
        "TYPE_ID": TODO_TYPE_ID if ids.is_todo(activity) else TYPE_IDS[activity.type],
        "PROVIDER_ID": provider,
        "PROVIDER_TYPE_ID": provider_type,
        "PROVIDER_GROUP_ID": None,
        "ASSOCIATED_ENTITY_ID": str(ids.task_id(activity.number)) if ids.has_task(activity) else "0",
        "SUBJECT": state.get("subject") or "",
        "COMPLETED": flag(state.get("is_completed")),
        "STATUS": "2" if state.get("is_completed") else "1",
        "PRIORITY": "2",
        "DIRECTION": {True: "1", False: "2", None: "0"}[activity.is_inbound],
        "DESCRIPTION": "",
        "DESCRIPTION_TYPE": "1",
        "SETTINGS": [],
        "PROVIDER_PARAMS": [],
        "ORIGIN_ID": None,
        "RESULT_VALUE": None,
    }
    return row | _people(activity, state) | _moments(renderer, activity, state)


def _people(activity: Activity, state: State) -> dict[str, Any]:
    return {
        "RESPONSIBLE_ID": str(user_id(cast("int | None", state.get("owner")))),
        "AUTHOR_ID": str(ids.employee_id(activity.created_by)),
        "EDITOR_ID": str(ids.employee_id(activity.changes[-1].by)),
    }


def _moments(renderer: Renderer, activity: Activity, state: State) -> dict[str, Any]:
    """The deadline follows from the kind: the start, or for a task its end, which its own deadline is."""
    start, end = _at(state, "start_at"), _at(state, "end_at")
    is_task = activity.type is ActivityType.TASK
    if is_task:
        end = _at(state, "deadline")
    deadline = renderer.moment(end if is_task else start)
    return {
        "CREATED": renderer.instant(activity.created_at),
        "LAST_UPDATED": renderer.instant(renderer.touched_at(activity)),
        "START_TIME": renderer.moment(start) or "",
        "END_TIME": renderer.moment(end) or "",
        "DEADLINE": deadline or NO_DEADLINE,
    }


def task_row(renderer: Renderer, activity: Activity, state: State) -> dict[str, Any]:
    """A row of tasks.task.list, with all the fields that can be selected."""
    status = _task_status(state)
    is_done = status == DONE
    closed = _at(state, "completed_at") if is_done else None
    return {
        "id": str(ids.task_id(activity.number)),
        "title": state.get("subject") or "",
        "status": status,
        "realStatus": status,
        "priority": "1",
        "createdBy": str(ids.employee_id(activity.created_by)),
        "createdDate": renderer.instant(activity.created_at),
        "responsibleId": str(user_id(cast("int | None", state.get("owner")))),
        "changedBy": str(ids.employee_id(activity.changes[-1].by)),
        "changedDate": renderer.instant(activity.changes[-1].at),
        "closedBy": str(ids.employee_id(activity.changes[-1].by)) if is_done else None,
        "closedDate": renderer.moment(closed),
        "dateStart": renderer.moment(_at(state, "start_at")),
        "deadline": renderer.moment(_at(state, "deadline")),
        "startDatePlan": None,
        "endDatePlan": None,
        "groupId": "0",
        "parentId": None,
        "ufCrmTask": [_task_link(binding) for binding in bindings_of(state)],
    }


def bindings_of(state: State) -> tuple[Binding, ...]:
    """The records an activity hangs on, the primary one first."""
    return cast("tuple[Binding, ...]", state.get("bindings") or ())


def binding_row(binding: Binding) -> dict[str, int]:
    """A row of crm.activity.binding.list."""
    return {
        "entityTypeId": ENTITY_TYPES[binding.type],
        "entityId": RECORD_IDS[binding.type](binding.number),
    }


def _owner(state: State) -> tuple[str, str]:
    for binding in bindings_of(state):
        return str(ENTITY_TYPES[binding.type]), str(RECORD_IDS[binding.type](binding.number))
    return "0", "0"


def _task_status(state: State) -> str:
    if state.get("is_completed"):
        return DONE
    return IN_PROGRESS if state.get("start_at") else WAITING


def _task_link(binding: Binding) -> str:
    return f"{TASK_PREFIXES[binding.type]}_{RECORD_IDS[binding.type](binding.number)}"


def _at(state: State, name: str) -> datetime | None:
    return cast("datetime | None", state.get(name))
