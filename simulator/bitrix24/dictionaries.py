"""Dictionaries of a Bitrix24 portal: pipelines, stages, other lists, people, currencies and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator import client_words as words
from simulator.bitrix24.items import COMPANY, CONTACT, DEAL
from simulator.bitrix24.records import PADDING_FIELD, SEMANTICS
from simulator.identifiers import bitrix24 as ids
from simulator.model import (
    CustomField,
    Employee,
    FieldType,
    LeadStage,
    Pipeline,
    Rate,
    Stage,
    StageKind,
    World,
)

if TYPE_CHECKING:
    from datetime import datetime

    from simulator.bitrix24.records import Renderer

EXTRA = {StageKind.OPEN: "process", StageKind.WON: "success", StageKind.LOST: "failure"}
OTHER_LISTS = {
    "SOURCE": ("WEBFORM", "CALLBACK", "STORE", "1", "OTHER"),
    "DEAL_TYPE": ("SALE", "COMPLEX", "GOODS", "SERVICES", "SERVICE", "1"),
    "CONTACT_TYPE": ("CLIENT", "SUPPLIER", "PARTNER", "OTHER"),
    "COMPANY_TYPE": ("CUSTOMER", "SUPPLIER", "COMPETITOR", "PARTNER", "OTHER"),
    "INDUSTRY": ("IT", "TELECOM", "MANUFACTURING", "BANKING", "CONSULTING", "FINANCE", "GOVERNMENT",
                 "DELIVERY", "ENTERTAINMENT", "NOTPROFIT", "OTHER",
                 *(code for code in words.INDUSTRIES if code and code != "MANUFACTURING")),
    "EMPLOYEES": ("EMPLOYEES_1", "EMPLOYEES_2", "EMPLOYEES_3", "EMPLOYEES_4"),
    "HONORIFIC": ("HNR_1", "HNR_2"),
    "CALL_LIST": ("IN_WORK", "SUCCESS", "WRONG_NUMBER", "STOP_CALLING"),
}  # fmt: skip
LEADS = "STATUS"  # the dictionary of the statuses of leads
USER_TYPES = {
    FieldType.TEXT: "string",
    FieldType.NUMBER: "double",
    FieldType.DATE: "date",
    FieldType.DATETIME: "datetime",
    FieldType.BOOLEAN: "boolean",
    FieldType.ENUMERATION: "enumeration",
}
STANDARD_TYPES = {
    "id": "integer", "title": "string", "typeId": "crm_status", "categoryId": "crm_category",
    "stageId": "crm_status",
    "opportunity": "double", "taxValue": "double", "currencyId": "crm_currency", "probability": "integer",
    "leadId": "crm_lead", "companyId": "crm_company", "contactId": "crm_contact", "begindate": "date",
    "closedate": "date", "assignedById": "user", "createdBy": "user", "updatedBy": "user", "movedBy": "user",
    "createdTime": "datetime", "updatedTime": "datetime", "movedTime": "datetime",
    "lastActivityTime": "datetime",
    "isRecurring": "boolean", "closed": "boolean", "opened": "boolean", "sourceId": "crm_status",
    "dateClosed": "datetime", "isReturnCustomer": "boolean", "isMyCompany": "boolean",
    "industry": "crm_status", "fm": "crm_multifield", "birthdate": "date", "revenue": "double",
}  # fmt: skip
MULTIPLE = {"fm", "contactIds", "companyIds", "observers"}


def categories(world: World) -> list[dict[str, Any]]:
    """Rows of crm.category.list."""
    return [_category(pipeline) for pipeline in world.pipelines]


def _category(pipeline: Pipeline) -> dict[str, Any]:
    return {
        "id": ids.pipeline_id(pipeline.number),
        "name": pipeline.name,
        "sort": pipeline.sort,
        "entityTypeId": 2,
        "isDefault": "Y" if pipeline.number == 0 else "N",
        "originId": "",
        "originatorId": "",
    }


def statuses(world: World, now: datetime) -> list[dict[str, Any]]:
    """Rows of crm.status.list: every list, the stages of deals first; deleted stages are gone."""
    rows = []
    for pipeline in world.pipelines:
        existing = [stage for stage in pipeline.stages if stage.deleted_at is None or stage.deleted_at > now]
        rows += [_stage(pipeline, stage) for stage in sorted(existing, key=lambda stage: stage.sort)]
    rows += [_lead_stage(stage) for stage in world.lead_stages]
    for origin in world.origins:
        rows.append(
            _status(
                100 + origin.number,
                "SOURCE",
                ids.origin_id(origin.number),
                origin.name,
                10 * origin.number,
            )
        )
    others = [
        (entity, code, code.replace("_", " ").capitalize(), 100 + 10 * n)
        for entity, codes in OTHER_LISTS.items()
        for n, code in enumerate(codes)
    ]
    return rows + [_status(number, *other) for number, other in enumerate(others, start=201)]


def _stage(pipeline: Pipeline, stage: Stage) -> dict[str, Any]:
    category = ids.pipeline_id(pipeline.number)
    is_extra_loss = stage.kind is StageKind.LOST and stage.number != 901
    semantics = "apology" if is_extra_loss else EXTRA[stage.kind]
    return {
        "ID": str(1000 * (1 + pipeline.number) + stage.number),
        "ENTITY_ID": ids.stage_entity(pipeline.number),
        "STATUS_ID": ids.stage_id(pipeline.number, stage.number),
        "NAME": stage.names[-1][1],
        "NAME_INIT": "",
        "SORT": str(stage.sort),
        "SYSTEM": "Y" if stage.number in {1, 900, 901} else "N",
        "CATEGORY_ID": str(category),
        "COLOR": "#39A8EF",
        "SEMANTICS": None if stage.kind is StageKind.OPEN else SEMANTICS[stage.kind],
        "EXTRA": {"SEMANTICS": semantics, "COLOR": "#39A8EF"},
    }


def _lead_stage(stage: LeadStage) -> dict[str, Any]:
    row = _status(300 + stage.number, LEADS, ids.lead_stage_id(stage.number), stage.name, stage.sort)
    is_extra_loss = stage.kind is StageKind.LOST and stage.number != 901
    semantics = "apology" if is_extra_loss else EXTRA[stage.kind]
    return row | {
        "SYSTEM": "Y" if stage.number in {1, 900, 901} else "N",
        "COLOR": "#39A8EF",
        "SEMANTICS": None if stage.kind is StageKind.OPEN else SEMANTICS[stage.kind],
        "EXTRA": {"SEMANTICS": semantics, "COLOR": "#39A8EF"},
    }


def _status(number: int, entity: str, code: str, name: str, sort: int) -> dict[str, Any]:
    return {
        "ID": str(number),
        "ENTITY_ID": entity,
        "STATUS_ID": code,
        "NAME": name,
        "NAME_INIT": "",
        "SORT": str(sort),
        "SYSTEM": "N",
        "CATEGORY_ID": None,
        "COLOR": None,
        "SEMANTICS": "",
        "EXTRA": [],
    }


def status_entities(world: World) -> list[dict[str, Any]]:
    """Rows of crm.status.entity.types."""
    rows: list[dict[str, Any]] = [{"ID": name, "NAME": name.capitalize()} for name in (LEADS, *OTHER_LISTS)]
    for pipeline in world.pipelines:
        category = ids.pipeline_id(pipeline.number)
        row = {"ID": ids.stage_entity(pipeline.number), "NAME": pipeline.name, "ENTITY_TYPE_ID": 2}
        rows.append(row | {"CATEGORY_ID": category, "PREFIX": f"C{category}" if category else ""})
    return rows


def currencies(world: World, now: datetime) -> list[dict[str, Any]]:
    """Rows of crm.currency.list: the newest rate of each, so many units of base for AMOUNT_CNT of it."""
    newest: dict[str, Rate] = {}
    for rate in world.rates:
        if rate.valid_from <= now:
            newest[rate.currency] = rate
    rows = []
    for sort, (code, rate) in enumerate(sorted(newest.items()), start=1):
        count = 1 if rate.rate >= 1 else 100
        is_base = code == world.base_currency
        rows.append(
            {
                "CURRENCY": code,
                "AMOUNT_CNT": str(count),
                "AMOUNT": f"{rate.rate * count:.4f}",
                "BASE": "Y" if is_base else "N",
                "FULL_NAME": code,
                "SORT": str(sort * 100),
                "DECIMALS": "2",
                "DATE_UPDATE": rate.valid_from.isoformat(),
            }
        )
    return rows


def user(person: Employee, now: datetime, renderer: Renderer) -> dict[str, Any]:
    """A row of user.get; TIMESTAMP_X comes empty, as text or as a moment."""
    odd: tuple[Any, ...] = ({}, "24.08.2023 13:19:39", renderer.instant(person.hired_at))
    return {
        "ID": str(ids.employee_id(person.number)),
        "XML_ID": "",
        "ACTIVE": person.dismissed_at is None or person.dismissed_at > now,
        "NAME": person.first_name,
        "LAST_NAME": person.last_name,
        "SECOND_NAME": "",
        "EMAIL": person.email,
        "WORK_POSITION": "",
        "UF_DEPARTMENT": [ids.department_id(person.department)],
        "USER_TYPE": "employee",
        "DATE_REGISTER": renderer.instant(person.hired_at),
        "LAST_LOGIN": renderer.instant(person.hired_at),
        "IS_ONLINE": "N",
        "TIMESTAMP_X": odd[person.number % 3],
        "LAST_ACTIVITY_DATE": {} if person.number % 2 else "2024-08-29 10:30:11",
    }


def departments(world: World) -> list[dict[str, Any]]:
    """Rows of department.get; the root has no parent."""
    rows = []
    for department in world.departments:
        row: dict[str, Any] = {"ID": str(ids.department_id(department.number)), "NAME": department.name}
        row["SORT"] = 500
        if department.parent is not None:
            row["PARENT"] = str(ids.department_id(department.parent))
        if department.number % 2:
            row["UF_HEAD"] = "1"
        rows.append(row)
    return rows


def item_fields(
    world: World, entity_type: int, names: frozenset[str], *, has_padding: bool
) -> dict[str, Any]:
    """The answer of crm.item.fields under original names."""
    fields = {
        name: _field(name, STANDARD_TYPES.get(name, "string"), name, is_dynamic=False)
        for name in sorted(names)
        if not name.startswith("UF_CRM_")
    }
    if entity_type in {CONTACT, COMPANY}:
        fields[ids.CITY_FIELD] = _field(ids.CITY_FIELD, "string", "Город", is_dynamic=True)
    if entity_type == DEAL:
        fields |= _fields_of_deals(world)
    if has_padding and entity_type == DEAL:
        name = ids.field_name(PADDING_FIELD)
        fields[name] = _field(name, "string", "Padding", is_dynamic=True)
    return fields


def _fields_of_deals(world: World) -> dict[str, Any]:
    fields = {ids.field_name(custom.number): _custom_field(custom) for custom in world.custom_fields}
    reason = _field(ids.LOSS_REASON_FIELD, "enumeration", "Причина отказа", is_dynamic=True)
    options = [(str(ids.loss_reason_option_id(label)), label) for label in words.LOSS_REASONS]
    reason["items"] = [{"ID": number, "VALUE": label} for number, label in options]
    competitor = _field(ids.COMPETITOR_FIELD, "string", "Competitor", is_dynamic=True)
    offer = _field(ids.OFFER_FIELD, "file", "Offer", is_dynamic=True)
    scans = _field(ids.SCANS_FIELD, "file", "Scans", is_dynamic=True) | {"isMultiple": True}
    own = {ids.LOSS_REASON_FIELD: reason, ids.COMPETITOR_FIELD: competitor}
    return fields | own | {ids.OFFER_FIELD: offer, ids.SCANS_FIELD: scans}


def _custom_field(custom: CustomField) -> dict[str, Any]:
    name = ids.field_name(custom.number)
    field = _field(name, USER_TYPES[custom.type], custom.labels[-1][1], is_dynamic=True)
    field["isMultiple"] = custom.is_multiple
    field["settings"] = []
    if custom.options:
        field["items"] = [
            {"ID": str(ids.option_id(custom.number, code)), "VALUE": label} for code, label in custom.options
        ]
    return field


def _field(name: str, type_: str, title: str, *, is_dynamic: bool) -> dict[str, Any]:
    return {
        "type": type_,
        "isRequired": False,
        "isReadOnly": name in {"id", "createdTime", "updatedTime", "movedTime"},
        "isImmutable": False,
        "isMultiple": name in MULTIPLE,
        "isDynamic": is_dynamic,
        "title": title,
        "upperName": name if is_dynamic else _upper(name),
    }


def _upper(name: str) -> str:
    return "".join(f"_{letter}" if letter.isupper() else letter.upper() for letter in name)
