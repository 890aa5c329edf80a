"""The classic methods about activities, and the ones about tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.bitrix24.acts import binding_row, bindings_of
from simulator.bitrix24.errors import BitrixError
from simulator.bitrix24.filters import as_number
from simulator.bitrix24.lists import Result, page_of, read_query
from simulator.portal import Raw, to_json

if TYPE_CHECKING:
    from simulator.bitrix24.methods import Methods
    from simulator.bitrix24.rows import ShownRow

ACTIVITY_FIELDS = frozenset(
    {"ID", "OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "PROVIDER_ID", "PROVIDER_TYPE_ID", "ASSOCIATED_ENTITY_ID"}
    | {"SUBJECT", "CREATED", "LAST_UPDATED", "START_TIME", "END_TIME", "DEADLINE", "COMPLETED", "STATUS"}
    | {"RESPONSIBLE_ID", "AUTHOR_ID", "EDITOR_ID", "PRIORITY", "DIRECTION"}
)
TASK_FIELDS = frozenset(
    {"ID", "TITLE", "STATUS", "REAL_STATUS", "PRIORITY", "CREATED_BY", "CREATED_DATE", "RESPONSIBLE_ID"}
    | {"CHANGED_BY", "CHANGED_DATE", "CLOSED_BY", "CLOSED_DATE", "DATE_START", "DEADLINE"}
    | {"START_DATE_PLAN", "END_DATE_PLAN", "GROUP_ID", "PARENT_ID", "UF_CRM_TASK"}
)
# Without a select a task comes without its links.
OTHER_TASK_FIELDS = TASK_FIELDS - {"UF_CRM_TASK"}


class ActivityMethods:
    """Methods over the activities of an index."""

    def __init__(self, methods: Methods) -> None:
        self._methods = methods

    def activities(self, parameters: dict[str, Any]) -> Result:
        """A page of activities, which stand in `result` itself; by their start unless told otherwise."""
        methods = self._methods
        ordered = {"order": {"START_TIME": "ASC"}} | parameters
        query = read_query(ordered, methods.reader(ACTIVITY_FIELDS), "ID")
        page, result = page_of(methods.index.rows["activity"], query, "ID", methods.options, methods.shift)
        wanted = None if not query.select or "*" in query.select else {"ID", *query.select}
        result.value = [_narrowed(row, wanted) for row in page]
        return result

    def bindings(self, parameters: dict[str, Any]) -> Result:
        """The records that one activity hangs on, without those that may not be read."""
        index = self._methods.index
        row = index.find("activity", int(as_number(parameters.get("activityId"))))
        if row is None:
            raise BitrixError(400, "NOT_FOUND", "Activity is not found")
        kinds = {kind.name for kind in index.items.values()}
        return Result(
            [
                binding_row(binding)
                for binding in bindings_of(row.state)
                if binding.type in kinds and not index.is_hidden(binding.type, binding.number)
            ]
        )

    def tasks(self, parameters: dict[str, Any]) -> Result:
        """A page of tasks: asked for in capitals, answered in camel case."""
        methods = self._methods
        query = read_query(parameters, methods.reader(TASK_FIELDS), "ID")
        page, result = page_of(methods.index.rows["task"], query, "ID", methods.options, methods.shift)
        selected = OTHER_TASK_FIELDS if not query.select or "*" in query.select else set(query.select)
        shown = methods.index.acts[1].shown
        wanted = {"id", *(shown(name) for name in selected | set(query.select))}
        result.value = {"tasks": [_narrowed(row, wanted) for row in page]}
        return result


def _narrowed(row: ShownRow, wanted: set[str] | None) -> Raw:
    """A row with these fields; None is all of them."""
    if wanted is None:
        return Raw(row.whole())
    return Raw(to_json({name: value for name, value in row.values().items() if name in wanted}))
