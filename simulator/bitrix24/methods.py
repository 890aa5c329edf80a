"""The methods of the REST API, each a function of its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.bitrix24 import dictionaries, php
from simulator.bitrix24.activity_methods import ActivityMethods
from simulator.bitrix24.addresses import AddressMethods
from simulator.bitrix24.errors import BitrixError, entity_unsupported, invalid
from simulator.bitrix24.filters import FilterReader, as_number
from simulator.bitrix24.items import DEAL, LEAD
from simulator.bitrix24.lists import PAGE, Result, Row, narrowed, page_of, read_query
from simulator.bitrix24.rows import RenamedRow, original_name, shown_name
from simulator.identifiers import bitrix24 as ids

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from simulator.bitrix24.index import Index
    from simulator.options import Options

HISTORY_FIELDS = frozenset({"ID", "TYPE_ID", "OWNER_ID", "CREATED_TIME"})
STAGES_OF = {
    DEAL: frozenset({"CATEGORY_ID", "STAGE_SEMANTIC_ID", "STAGE_ID"}),
    LEAD: frozenset({"STATUS_SEMANTIC_ID", "STATUS_ID"}),
}
SCOPES = ("crm", "user", "department", "task")
SCOPE_OF_TASKS = {"tasks": "task"}
CLASSIC_MODE, SIMPLE_MODE = 1, 2


class Methods:
    """The methods over an index; `shift` belongs to the request being served."""

    def __init__(self, index: Index, options: Options, now: Callable[[], datetime]) -> None:
        self.index = index
        self.options = options
        self.now = now
        self.shift = 0
        self.activities = ActivityMethods(self)
        self.table: dict[str, Callable[[dict[str, Any]], Result]] = {
            "crm.item.list": self.item_list,
            "crm.item.get": self.item_get,
            "crm.item.fields": self.item_fields,
            "crm.stagehistory.list": self.stage_history,
            "crm.category.list": self.categories,
            "crm.status.list": self.statuses,
            "crm.status.entity.types": self.status_entities,
            "crm.currency.list": self.currencies,
            "crm.settings.mode.get": self.mode,
            "crm.address.list": AddressMethods(self).addresses,
            "crm.activity.list": self.activities.activities,
            "crm.activity.binding.list": self.activities.bindings,
            "tasks.task.list": self.activities.tasks,
            "user.get": self.users,
            "user.current": self.current_user,
            "department.get": self.departments,
            "profile": self.profile,
            "server.time": self.server_time,
            "scope": self.scope,
            "methods": self.methods,
            "app.info": self.app_info,
        }
        for entity_type, kind in index.items.items():
            self.table[f"crm.{kind.name}.userfield.list"] = self._user_fields(entity_type)
        for method in options.missing_methods:
            self.table.pop(method, None)
        self._pages_to_cut = options.cut_pages

    # ---- items ----

    def item_list(self, parameters: dict[str, Any]) -> Result:
        """A page of deals, leads, contacts or companies."""
        entity_type = self._entity_type(parameters)
        fields, rows = (
            self.index.item_fields[entity_type],
            self.index.rows[self.index.items[entity_type].name],
        )
        is_renamed = self._is_renamed(parameters)
        if is_renamed:
            fields = frozenset(shown_name(name) for name in fields)
        query = read_query(parameters, self.reader(fields), "id")
        if "UF_*" in query.select and not self.options.knows_custom_select:
            raise invalid("Field 'UF_*' is not allowed in select")
        if is_renamed:
            query.conditions = [(original_name(name), test) for name, test in query.conditions]
            query.order = [(original_name(name), is_descending) for name, is_descending in query.order]
        page, result = page_of(rows, query, "id", self.options, self.shift)
        shown: list[Row] = list(page)
        if is_renamed:
            shown = [RenamedRow(row) for row in page]
        items = [narrowed(row, query.select) for row in self._cut(shown, query.select)]
        gaps = {str(2 * position): item for position, item in enumerate(items)}
        result.value = {"items": gaps if self.options.gaps_in_pages else items}
        return result

    def _cut(self, page: list[Row], select: list[str]) -> list[Row]:
        """The page, without a row in its middle if it is one of those that are cut."""
        if self._pages_to_cut and len(page) == PAGE and "*" in select:
            self._pages_to_cut -= 1
            return page[: PAGE // 2] + page[PAGE // 2 + 1 :]
        return page

    def item_get(self, parameters: dict[str, Any]) -> Result:
        """One item."""
        entity_type = self._entity_type(parameters)
        row = self.index.item(entity_type, int(as_number(parameters.get("id"))))
        if row is None:
            raise BitrixError(400, "NOT_FOUND", "Element not found")
        shown: Row = RenamedRow(row) if self._is_renamed(parameters) else row
        return Result({"item": narrowed(shown, [])})

    def item_fields(self, parameters: dict[str, Any]) -> Result:
        """The definitions of all fields of an item."""
        entity_type = self._entity_type(parameters)
        has_padding = self.options.payload_bytes is not None
        names = self.index.item_fields[entity_type]
        fields = dictionaries.item_fields(self.index.world, entity_type, names, has_padding=has_padding)
        if not self.options.has_options_in_fields:
            for field in fields.values():
                field.pop("items", None)
        if self._is_renamed(parameters):
            fields = {shown_name(name): field for name, field in fields.items()}
        return Result({"fields": fields})

    def _user_fields(self, entity_type: int) -> Callable[[dict[str, Any]], Result]:
        """The classic method about the custom fields of one kind of items."""

        def listed(parameters: dict[str, Any]) -> Result:
            names = self.index.item_fields[entity_type]
            fields = dictionaries.item_fields(self.index.world, entity_type, names, has_padding=False)
            rows = [
                {"ID": str(number), "FIELD_NAME": name, "LIST": field.get("items", [])}
                for number, (name, field) in enumerate(fields.items(), start=1)
                if field["isDynamic"]
            ]
            return self._offset_page(rows, parameters.get("start", 0))

        return listed

    def stage_history(self, parameters: dict[str, Any]) -> Result:
        """A page of entries into stages of deals, or into statuses of leads."""
        entity_type = self._entity_type(parameters)
        if entity_type not in STAGES_OF:
            raise entity_unsupported()
        query = read_query(parameters, self.reader(HISTORY_FIELDS | STAGES_OF[entity_type]), "ID")
        page, result = page_of(self.index.histories[entity_type], query, "ID", self.options, self.shift)
        result.value = {"items": [narrowed(row, query.select) for row in page]}
        return result

    def _entity_type(self, parameters: dict[str, Any]) -> int:
        if "entityTypeId" not in parameters:
            raise invalid("Could not find value for parameter {entityTypeId}")
        entity_type = int(as_number(parameters["entityTypeId"]))
        if entity_type not in self.index.items:
            raise entity_unsupported()
        return entity_type

    def _is_renamed(self, parameters: dict[str, Any]) -> bool:
        return str(parameters.get("useOriginalUfNames")) != "Y" or not self.options.has_original_names

    def reader(self, fields: frozenset[str]) -> FilterReader:
        """Reads filters of a method that knows these fields."""
        return FilterReader(fields, self.index.renderer.zone, self.options)

    # ---- dictionaries ----

    def categories(self, parameters: dict[str, Any]) -> Result:
        """The pipelines of deals; leads have none."""
        if self._entity_type(parameters) != DEAL:
            raise entity_unsupported()
        rows = dictionaries.categories(self.index.world)
        return Result({"categories": rows}, total=len(rows) + self.options.uncounted)

    def statuses(self, parameters: dict[str, Any]) -> Result:
        """Rows of all dictionaries, or of one."""
        if not parameters.get("filter") and not self.options.lists_all_statuses:
            raise BitrixError(400, "", "Parameter ENTITY_ID is required")
        rows = dictionaries.statuses(self.index.world, self.now())
        for key, value in php.entries(parameters.get("filter", {})).items():
            wanted = {str(item) for item in php.values(value)}
            rows = [row for row in rows if str(row.get(key.lstrip("=@"))) in wanted]
        for key, direction in php.entries(parameters.get("order", {})).items():
            is_descending = str(direction).upper() == "DESC"
            rows.sort(key=lambda row: (as_number(row.get(key)), str(row.get(key))), reverse=is_descending)
        return self._offset_page(rows, parameters.get("start", 0))

    def status_entities(self, _parameters: dict[str, Any]) -> Result:
        """Which dictionaries there are."""
        return Result(dictionaries.status_entities(self.index.world))

    def currencies(self, _parameters: dict[str, Any]) -> Result:
        """The present rates; `total` is 0 always."""
        return Result(dictionaries.currencies(self.index.world, self.now()), total=0)

    def users(self, parameters: dict[str, Any]) -> Result:
        """People, dismissed ones too unless filtered; filter keys are upper-case and at the top level."""
        now, renderer = self.now(), self.index.renderer
        people = [p for p in self.index.world.employees if p.hired_at <= now]
        rows = [dictionaries.user(person, now, renderer) for person in people]
        for key, value in php.entries(parameters.get("FILTER", parameters.get("filter", {}))).items():
            wanted = {_flag(item) for item in php.values(value)}
            rows = [row for row in rows if _flag(row.get(key.lstrip("=@"))) in wanted]
        if str(parameters.get("ORDER", parameters.get("order", ""))).upper() == "DESC":
            rows.reverse()
        return self._offset_page(rows, parameters.get("start", parameters.get("START", 0)))

    def departments(self, parameters: dict[str, Any]) -> Result:
        """The tree of departments."""
        rows = dictionaries.departments(self.index.world)
        for key in ("ID", "NAME", "PARENT"):
            if key in parameters:
                rows = [row for row in rows if str(row.get(key)) == str(parameters[key])]
        return self._offset_page(rows, parameters.get("START", parameters.get("start", 0)))

    def _offset_page(self, rows: list[dict[str, Any]], start: Any) -> Result:
        begin = int(as_number(start))
        if begin < 0:
            return Result(rows[:PAGE], total=0)
        shifted = max(0, begin - self.shift)
        more = begin + PAGE if begin + PAGE < len(rows) else None
        return Result(rows[shifted : shifted + PAGE], total=len(rows) + self.options.uncounted, next=more)

    # ---- the portal ----

    def current_user(self, _parameters: dict[str, Any]) -> Result:
        """Whose webhook it is."""
        return Result(dictionaries.user(self.index.world.employees[0], self.now(), self.index.renderer))

    def profile(self, _parameters: dict[str, Any]) -> Result:
        """Whose webhook it is, and whether an administrator's."""
        person = self.index.world.employees[0]
        return Result(
            {
                "ID": str(ids.employee_id(person.number)),
                "ADMIN": not self.options.hidden_owners,
                "NAME": person.first_name,
                "LAST_NAME": person.last_name,
                "TIME_ZONE": self.index.world.timezone,
            }
        )

    def mode(self, _parameters: dict[str, Any]) -> Result:
        """Whether the portal works with leads."""
        return Result(SIMPLE_MODE if self.options.is_simple_mode else CLASSIC_MODE)

    def server_time(self, _parameters: dict[str, Any]) -> Result:
        """The portal's clock."""
        return Result(self.index.renderer.instant(self.now().replace(microsecond=0)))

    def scope(self, _parameters: dict[str, Any]) -> Result:
        """What the webhook may read."""
        return Result([scope for scope in SCOPES if scope not in self.options.missing_scopes])

    def methods(self, _parameters: dict[str, Any]) -> Result:
        """What can be called."""
        return Result(sorted(self.table))

    def app_info(self, _parameters: dict[str, Any]) -> Result:
        """What kind of portal it is."""
        return Result({"LICENSE": "ru_basic", "LANGUAGE_ID": "ru", "INSTALLED": True})


def scope_of(method: str) -> str | None:
    """The scope a method needs."""
    head = method.split(".", 1)[0]
    head = SCOPE_OF_TASKS.get(head, head)
    return head if head in SCOPES else None


def _flag(value: Any) -> str:
    return {"true": "Y", "false": "N", "1": "Y", "0": "N"}.get(str(value).lower(), str(value))
