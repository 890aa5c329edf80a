"""Which tables of the lake are copied, and which numbers in their payloads are ids that move with a copy."""

from __future__ import annotations

from dataclasses import dataclass

# Ids are filled up to this many digits, then the number of the copy is set before them.
WIDTHS = {"bitrix24": 9, "hubspot": 12}


@dataclass(frozen=True)
class Copied:
    """A table: the kind of its records, and where its payload holds ids.

    A key counts at whatever depth it stands; a list is the path of a value that holds several ids.
    `own` are keys with the record's own id, `others` keys and `lists` paths with ids of other records.
    """

    kind: str
    own: tuple[str, ...] = ("id",)
    own_lists: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    # A portal has ten activities a deal, a world five: each is there twice, under ids of their own.
    twins: int = 1


MERGED = ("$.properties.hs_merged_object_ids", "$.properties.hs_calculated_merged_vids")
OBJECT = ("id", "hs_object_id")
ACTIVITY = Copied("activities", OBJECT, twins=2)

TABLES = {
    ("bitrix24", "deals"): Copied(
        "deals", others=("leadId", "companyId", "contactId"), lists=("$.contactIds",)
    ),
    ("bitrix24", "leads"): Copied("leads", others=("companyId", "contactId"), lists=("$.contactIds",)),
    ("bitrix24", "contacts"): Copied("contacts", others=("leadId", "companyId"), lists=("$.companyIds",)),
    ("bitrix24", "companies"): Copied("companies", others=("leadId",)),
    ("bitrix24", "addresses"): Copied("addresses", ("ownerId", "ANCHOR_ID", "ENTITY_ID")),
    ("bitrix24", "deal_stage_history"): Copied("history rows", ("ID",), others=("OWNER_ID",)),
    ("bitrix24", "lead_stage_history"): Copied("history rows", ("ID",), others=("OWNER_ID",)),
    ("bitrix24", "activities"): Copied(
        "activities", ("ID", "ASSOCIATED_ENTITY_ID"), others=("OWNER_ID",), twins=2
    ),
    ("bitrix24", "activity_bindings"): Copied("links", ("activityId",), others=("entityId",), twins=2),
    ("bitrix24", "tasks"): Copied("tasks", ("id", "parentId"), lists=("$.ufCrmTask",), twins=2),
    ("hubspot", "deals"): Copied("deals", OBJECT, MERGED),
    ("hubspot", "leads"): Copied("leads", OBJECT, MERGED, ("hs_primary_contact_id",)),
    ("hubspot", "contacts"): Copied("contacts", OBJECT, MERGED, ("associatedcompanyid",)),
    ("hubspot", "companies"): Copied("companies", OBJECT, MERGED, ("hs_parent_company_id",)),
    ("hubspot", "deal_property_history"): Copied("history rows", ("dealId",)),
    ("hubspot", "lead_property_history"): Copied("history rows", ("objectId",)),
    ("hubspot", "contact_property_history"): Copied("history rows", ("objectId",)),
    ("hubspot", "calls"): ACTIVITY,
    ("hubspot", "meetings"): ACTIVITY,
    ("hubspot", "emails"): ACTIVITY,
    ("hubspot", "tasks"): ACTIVITY,
    ("hubspot", "notes"): ACTIVITY,
    ("hubspot", "deal_associations"): Copied("links", ("fromId",), others=("toObjectId",)),
    ("hubspot", "lead_associations"): Copied("links", ("fromId",), others=("toObjectId",)),
    ("hubspot", "contact_associations"): Copied("links", ("fromId",), others=("toObjectId",)),
    ("hubspot", "activity_associations"): Copied("links", ("fromId",), others=("toObjectId",), twins=2),
}
KINDS = tuple(dict.fromkeys(table.kind for table in TABLES.values()))
