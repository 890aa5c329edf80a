"""Property definitions of deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.hubspot.records import PADDING_FIELD
from simulator.identifiers import hubspot as ids
from simulator.model import CustomField, FieldType, World

if TYPE_CHECKING:
    from datetime import datetime

STANDARD = {
    "string": "dealname hs_next_step closed_lost_reason closed_won_reason hs_object_source_detail_1 "
    "hs_analytics_source_data_1 hs_analytics_source_data_2 hs_object_source_label hs_merged_object_ids",
    "number": "amount amount_in_home_currency hs_object_id days_to_close hs_deal_stage_probability "
    "hs_forecast_amount hs_forecast_probability hs_projected_amount hs_closed_amount hs_mrr hs_arr hs_acv "
    "hs_tcv hs_exchange_rate num_associated_contacts num_notes num_contacted_notes hs_created_by_user_id "
    "hs_v2_time_in_current_stage",
    "datetime": "closedate createdate hs_createdate hs_lastmodifieddate notes_last_contacted "
    "notes_last_updated notes_next_activity_date hubspot_owner_assigneddate hs_v2_date_entered_current_stage",
    "enumeration": "dealstage pipeline dealtype hubspot_owner_id hubspot_team_id deal_currency_code "
    "hs_priority hs_manual_forecast_category hs_analytics_source hs_analytics_latest_source hs_object_source",
    "bool": "hs_is_closed hs_is_closed_won hs_is_closed_lost",
}
OPTIONS = {
    "dealtype": (("newbusiness", "New Business"), ("existingbusiness", "Existing Business")),
    "hs_priority": (("low", "Low"), ("medium", "Medium"), ("high", "High")),
}
CUSTOM_TYPES = {
    FieldType.TEXT: ("string", "text"),
    FieldType.NUMBER: ("number", "number"),
    FieldType.DATE: ("date", "date"),
    FieldType.DATETIME: ("datetime", "date"),
    FieldType.BOOLEAN: ("bool", "booleancheckbox"),
    FieldType.ENUMERATION: ("enumeration", "select"),
}
STANDARD_FIELD_TYPES = {
    "string": "text",
    "number": "number",
    "datetime": "date",
    "enumeration": "select",
    "bool": "booleancheckbox",
}


def property_types(world: World) -> dict[str, str]:
    """The type of every property of deals."""
    types = {name: type_ for type_, names in STANDARD.items() for name in names.split()}
    for field in world.custom_fields:
        types[ids.field_name(field.number)] = CUSTOM_TYPES[field.type][0]
    types[ids.field_name(PADDING_FIELD)] = "string"
    return types


def definitions(world: World, *, has_padding: bool) -> list[dict[str, Any]]:
    """The results of the property list."""
    rows = []
    for type_, names in STANDARD.items():
        for name in names.split():
            field_type = STANDARD_FIELD_TYPES[type_]
            row = _definition(name, name.replace("_", " ").capitalize(), type_, field_type, world.start)
            rows.append(row | {"options": _options(OPTIONS.get(name, ())), "hubspotDefined": True})
    rows += [_custom(field) for field in world.custom_fields]
    if has_padding:
        rows.append(_definition(ids.field_name(PADDING_FIELD), "Padding", "string", "textarea", world.start))
    return rows


def _custom(field: CustomField) -> dict[str, Any]:
    type_, field_type = CUSTOM_TYPES[field.type]
    created_at, label = field.labels[0][0], field.labels[-1][1]
    row = _definition(
        ids.field_name(field.number),
        label,
        type_,
        "checkbox" if field.is_multiple else field_type,
        created_at,
    )
    row["options"] = _options(tuple((ids.option_value(code), text) for code, text in field.options))
    row["updatedAt"] = ids.instant_text(field.labels[-1][0])
    return row


def _options(options: tuple[tuple[str, str], ...]) -> list[dict[str, Any]]:
    return [
        {"label": label, "value": value, "displayOrder": order, "hidden": False}
        for order, (value, label) in enumerate(options)
    ]


def _definition(name: str, label: str, type_: str, field_type: str, created_at: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "type": type_,
        "fieldType": field_type,
        "groupName": "dealinformation",
        "description": "",
        "options": [],
        "calculated": name.startswith("hs_is_closed"),
        "externalOptions": name in {"hubspot_owner_id", "dealstage", "pipeline"},
        "hasUniqueValue": False,
        "hidden": False,
        "formField": False,
        "displayOrder": -1,
        "dataSensitivity": "non_sensitive",
        "archived": False,
        "createdAt": ids.instant_text(created_at),
        "updatedAt": ids.instant_text(created_at),
    }
