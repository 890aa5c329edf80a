"""Activities with the records they hang on, and tasks."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from extract.core.errors import MissingScopeError, RefusedRequestError
from extract.sources.bitrix24.api import Command
from extract.sources.bitrix24.commands import results_of
from extract.sources.bitrix24.errors import NoMethodError
from extract.sources.bitrix24.items import COMPANY, CONTACT, DEAL, LEAD
from extract.sources.bitrix24.records import RecordKind
from extract.sources.bitrix24.walks import Items, KeyedList, KeyWalk, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    import pyarrow as pa

    from extract.core.source import Reading
    from extract.sources.bitrix24.api import BitrixPortal

# Everything but the texts: an e-mail's whole body is its DESCRIPTION.
ACTIVITY_FIELDS = (
    *(
        "ID",
        "OWNER_ID",
        "OWNER_TYPE_ID",
        "TYPE_ID",
        "PROVIDER_ID",
        "PROVIDER_TYPE_ID",
        "ASSOCIATED_ENTITY_ID",
    ),
    *("SUBJECT", "CREATED", "LAST_UPDATED", "START_TIME", "END_TIME", "DEADLINE", "COMPLETED", "STATUS"),
    *("RESPONSIBLE_ID", "AUTHOR_ID", "EDITOR_ID", "PRIORITY", "DIRECTION", "ORIGIN_ID", "RESULT_VALUE"),
)
TASK_FIELDS = (
    *("ID", "TITLE", "STATUS", "REAL_STATUS", "PRIORITY", "CREATED_BY", "CREATED_DATE", "RESPONSIBLE_ID"),
    *("CHANGED_BY", "CHANGED_DATE", "CLOSED_BY", "CLOSED_DATE", "DATE_START", "DEADLINE", "START_DATE_PLAN"),
    *("END_DATE_PLAN", "GROUP_ID", "PARENT_ID", "UF_CRM_TASK"),
)
WALKED_AT_ONCE = 500  # their bindings are ten requests, after which the walk can be taken up again
OWNERS = {"leads": LEAD, "deals": DEAL, "contacts": CONTACT, "companies": COMPANY}
OWNERS_AT_ONCE = 50
MOST_OWNERS = 5000  # whose activities are read within minutes
BINDINGS = "activity_bindings"
BINDING_METHOD = "crm.activity.binding.list"


def _activities(fields: tuple[str, ...], proof: str = "") -> KeyedList:
    # `@ID` is a word of the newer methods: an older one may ignore it, and show all activities instead.
    params = {"select": list(fields)}
    return KeyedList("crm.activity.list", "ID", params, proof=proof, rows_in="", one_of="")


def _tasks(fields: tuple[str, ...], proof: str = "") -> KeyedList:
    params = {"select": list(fields)}
    return KeyedList("tasks.task.list", "id", params, proof=proof, rows_in="tasks", asked_key="ID", one_of="")


def bindings_of(portal: BitrixPortal, reading: Reading, ids: list[str]) -> dict[str, pa.Table]:
    """The records that each of these activities hangs on; one that is gone by now has nothing to tell.

    Activities may be readable and their bindings not: then these are missing, and it is said so.
    """
    commands = [Command(BINDING_METHOD, {"activityId": int(native_id)}) for native_id in ids]
    answers = results_of(portal, reading.requester, commands)
    refusals = [answer for answer in answers if isinstance(answer, MissingScopeError | NoMethodError)]
    if len(refusals) == len(ids) > 0:
        portal.refuse(BINDINGS, refusals[0])
    answered = {native_id: rows_of(answer, "") for native_id, answer in zip(ids, answers, strict=True)}
    found = {native_id: _set(native_id, rows) for native_id, rows in answered.items() if rows is not None}
    return {BINDINGS: reading.snapshot(list(found), list(found.values()))} if found else {}


def of_changed_owners(reading: Reading, listed: KeyedList, since: datetime) -> Iterator[Items] | None:
    """The activities of the records that were read since then.

    A lead that becomes a deal and a client that is merged take their activities along, which may stay as old
    as they were. After more changes than a hand makes, the weekly walk finds these.
    """
    changed = {
        number: reading.captures[entity].alive_since(since)["id"].to_pylist()
        for entity, number in OWNERS.items()
    }
    count = sum(map(len, changed.values()))
    if not count:
        return None
    return _of_owners(reading, listed, changed) if count <= MOST_OWNERS else iter(())


def _of_owners(reading: Reading, listed: KeyedList, owners: dict[int, list[str]]) -> Iterator[Items]:
    """A portal that refuses the condition, or ignores it and would show all, is left to the weekly walk."""
    portal = cast("BitrixPortal", reading.portal)
    for number, ids in owners.items():
        for start in range(0, len(ids), OWNERS_AT_ONCE):
            asked = ids[start : start + OWNERS_AT_ONCE]
            condition = {**listed.filter, "OWNER_TYPE_ID": number, "OWNER_ID": asked}
            theirs = replace(listed, filter=condition)
            with suppress(RefusedRequestError):
                for rows in KeyWalk(portal, reading.requester, theirs).chains():
                    if any(str(row.get("OWNER_ID")) not in asked for row in rows):
                        return
                    yield rows


def _set(native_id: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """In an order of its own, so that the same bindings are the same payload."""
    ordered = sorted(rows, key=lambda row: (int(row["entityTypeId"]), int(row["entityId"])))
    return {"activityId": native_id, "bindings": ordered}


ACTIVITIES = RecordKind(
    "activities",
    _activities(ACTIVITY_FIELDS, proof="LAST_UPDATED"),
    _activities(("ID",)),
    changed="LAST_UPDATED",
    modified="LAST_UPDATED",
    created="CREATED",
    companions=bindings_of,
    companion_entities=(BINDINGS,),
    walked_too=True,
    walked_at_once=WALKED_AT_ONCE,
    moved_with=of_changed_owners,
)
TASKS = RecordKind(
    "tasks",
    _tasks(TASK_FIELDS, proof="changedDate"),
    _tasks(("ID",)),
    changed="CHANGED_DATE",
    modified="changedDate",
    created="CREATED_DATE",
)
