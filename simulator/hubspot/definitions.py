"""Property definitions of each type of object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.hubspot.deals import PADDING_FIELD
from simulator.hubspot.standard import CALCULATED, OPTIONS, standard_types
from simulator.identifiers import hubspot as ids
from simulator.model import CustomField, FieldType, World

if TYPE_CHECKING:
    from datetime import datetime

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
    "phone_number": "phonenumber",
}
MARKETED = ("deals", "leads", "contacts")  # what the campaign of an enquiry is kept with


def property_types(world: World, name: str) -> dict[str, str]:
    """The type of every property of a type of object."""
    types = standard_types(name) | dict.fromkeys(_own_texts(name), "string")
    if name == "deals":
        types |= {ids.field_name(field.number): CUSTOM_TYPES[field.type][0] for field in world.custom_fields}
        types[ids.field_name(PADDING_FIELD)] = "string"
    return types


def definitions(world: World, name: str, *, has_padding: bool) -> list[dict[str, Any]]:
    """The results of the property list."""
    rows = []
    for property_name, type_ in standard_types(name).items():
        label = property_name.replace("_", " ").capitalize()
        row = _definition(property_name, label, type_, STANDARD_FIELD_TYPES[type_], world.start)
        rows.append(row | {"options": _options(OPTIONS.get(property_name, ())), "hubspotDefined": True})
    if name == "deals":
        rows += [_custom(field) for field in world.custom_fields]
        if has_padding:
            padding = ids.field_name(PADDING_FIELD)
            rows.append(_definition(padding, "Padding", "string", "textarea", world.start))
    rows += [
        _definition(own, own.replace("_", " ").capitalize(), "string", "text", world.start)
        for own in _own_texts(name)
    ]
    return [row | {"groupName": f"{name.removesuffix('s')}information"} for row in rows]


def _own_texts(name: str) -> tuple[str, ...]:
    """The texts that the company added itself."""
    competitor = (ids.COMPETITOR_FIELD,) if name == "deals" else ()
    return competitor + (ids.UTM_FIELDS if name in MARKETED else ())


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
        "description": "",
        "options": [],
        "calculated": name in CALCULATED,
        "externalOptions": name in {"hubspot_owner_id", "dealstage", "pipeline", "hs_pipeline_stage"},
        "hasUniqueValue": False,
        "hidden": False,
        "formField": False,
        "displayOrder": -1,
        "dataSensitivity": "non_sensitive",
        "archived": False,
        "createdAt": ids.instant_text(created_at),
        "updatedAt": ids.instant_text(created_at),
    }
