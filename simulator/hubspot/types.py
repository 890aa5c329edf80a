"""The types of objects: their names, scopes, and where a world keeps their records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simulator.hubspot.activities import ActivityRow
from simulator.hubspot.clients import CompanyRow, ContactRow, LeadRow
from simulator.hubspot.deals import DealRow
from simulator.hubspot.definitions import property_types
from simulator.identifiers import hubspot as ids
from simulator.model import ActivityType

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from simulator.hubspot.facts import Merges
    from simulator.hubspot.records import ObjectRow
    from simulator.model import Record, World

LAST_MODIFIED = "hs_lastmodifieddate"


@dataclass(frozen=True)
class ObjectType:
    """A type of objects; `kind` is the world's word for it."""

    kind: str
    name: str
    type_id: str
    scope: str
    row: type[ObjectRow]
    key: Callable[[Record, Merges], int]
    records: Callable[[World], Sequence[Record]]
    created: str
    default: tuple[str, ...]
    modified: str = LAST_MODIFIED
    property_types: dict[str, str] = field(default_factory=dict)

    @property
    def known(self) -> dict[str, str]:
        """The properties there are."""
        return self.property_types

    @property
    def always(self) -> tuple[str, ...]:
        """The properties that come unasked."""
        return self.created, self.modified, "hs_object_id"

    @property
    def schema_scope(self) -> str:
        """What reading the property definitions needs."""
        return self.scope.replace("crm.objects", "crm.schemas")


def object_types(world: World) -> dict[str, ObjectType]:
    """All types by their names."""
    types = [
        ObjectType(
            "deal",
            "deals",
            "0-3",
            "crm.objects.deals.read",
            DealRow,
            _merging_key,
            lambda world: world.deals,
            "createdate",
            (
                "amount",
                "closedate",
                "createdate",
                "dealname",
                "dealstage",
                LAST_MODIFIED,
                "hs_object_id",
                "pipeline",
            ),
            property_types=property_types(world, "deals"),
        ),
        ObjectType(
            "lead",
            "leads",
            "0-136",
            "crm.objects.leads.read",
            LeadRow,
            lambda record, _merges: ids.lead_id(record.number),
            lambda world: world.leads,
            "hs_createdate",
            ("hs_createdate", LAST_MODIFIED, "hs_lead_name", "hs_object_id"),
            property_types=property_types(world, "leads"),
        ),
        ObjectType(
            "contact",
            "contacts",
            "0-1",
            "crm.objects.contacts.read",
            ContactRow,
            _merging_key,
            lambda world: world.contacts,
            "createdate",
            ("createdate", "email", "firstname", "hs_object_id", "lastmodifieddate", "lastname"),
            "lastmodifieddate",
            property_types(world, "contacts"),
        ),
        ObjectType(
            "company",
            "companies",
            "0-2",
            "crm.objects.companies.read",
            CompanyRow,
            _merging_key,
            lambda world: world.companies,
            "createdate",
            ("createdate", "domain", LAST_MODIFIED, "hs_object_id", "name"),
            property_types=property_types(world, "companies"),
        ),
    ]
    types += [
        _activity_type(world, type_, type_id)
        for type_, type_id in (
            (ActivityType.CALL, "0-48"),
            (ActivityType.MEETING, "0-47"),
            (ActivityType.EMAIL, "0-49"),
            (ActivityType.TASK, "0-27"),
            (ActivityType.NOTE, "0-46"),
        )
    ]
    return {type_.name: type_ for type_ in types}


def _activity_type(world: World, type_: ActivityType, type_id: str) -> ObjectType:
    name = f"{type_.value}s"
    return ObjectType(
        type_.value,
        name,
        type_id,
        "crm.objects.contacts.read",
        ActivityRow,
        lambda record, _merges: ids.activity_id(type_, record.number),
        lambda world: [activity for activity in world.activities if activity.type is type_],
        "hs_createdate",
        ("hs_createdate", LAST_MODIFIED, "hs_object_id"),
        property_types=property_types(world, name),
    )


def _merging_key(record: Record, merges: Merges) -> int:
    return merges.key(record.number)
