"""The types of objects that are read: their names, and what is asked of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from extract.sources.hubspot.api import VERSION

if TYPE_CHECKING:
    from datetime import date

    from extract.core.settings import Connection

BATCH, BATCH_WITH_HISTORY = 100, 50
MERGED_PROPERTIES = ("hs_merged_object_ids", "hs_calculated_merged_vids")
# What the settings say of an account that keeps its leads as contacts: it has no objects of that type.
CONTACTS_AS_LEADS = frozenset({"lifecyclestage", "lead_status"})
# Asked for whether an account lists them or not: what the warehouse reads, and the state of an object as
# HubSpot itself sees it, which is calculated.
CAMPAIGN = frozenset({"utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"})
PLACE = frozenset({"city", "state", "country"})
DEAL_PROPERTIES = frozenset(
    {
        "dealname",
        "pipeline",
        "dealstage",
        "dealtype",
        "amount",
        "deal_currency_code",
        "closedate",
        "closed_lost_reason",
        "hubspot_owner_id",
        "hs_analytics_source",
        "hs_is_closed",
        "hs_is_closed_won",
        "hs_is_closed_lost",
        "hs_deal_stage_probability",
        "hs_exchange_rate",
        "amount_in_home_currency",
        "hs_closed_amount",
        "hs_projected_amount",
        "hs_forecast_amount",
        "hs_v2_date_entered_current_stage",
        "days_to_close",
        "hs_merged_object_ids",
        *CAMPAIGN,
    }
)
LEAD_PROPERTIES = frozenset(
    {
        "hs_lead_name",
        "hs_pipeline",
        "hs_pipeline_stage",
        "hs_lead_is_open",
        "hs_lead_disqualification_reason",
        "hs_lead_disqualification_note",
        "hs_primary_contact_id",
        "hs_analytics_source",
        "hubspot_owner_id",
        *CAMPAIGN,
    }
)
CONTACT_PROPERTIES = frozenset(
    {
        "email",
        "hs_additional_emails",
        "firstname",
        "lastname",
        "phone",
        "mobilephone",
        "jobtitle",
        "message",
        "lifecyclestage",
        "hs_lead_status",
        "hubspot_owner_id",
        "hs_analytics_source",
        *MERGED_PROPERTIES,
        *PLACE,
        *CAMPAIGN,
    }
)
COMPANY_PROPERTIES = frozenset(
    {"name", "phone", "industry", "hubspot_owner_id", "hs_analytics_source", "hs_merged_object_ids", *PLACE}
)


@dataclass(frozen=True)
class ObjectType:
    """A type of objects.

    `properties`: asked for, in place of all that are defined. `always`: asked for beside all that are
    defined. `history`: properties whose versions are read into `history_entity`, each of which names its
    record as `history_owner`.
    """

    name: str
    created: str = "createdate"
    modified: str = "hs_lastmodifieddate"
    properties: tuple[str, ...] = ()
    always: frozenset[str] = frozenset()
    history: tuple[str, ...] = ()
    history_entity: str = ""
    history_owner: str = "objectId"

    @property
    def path(self) -> str:
        """Where its list is."""
        return f"crm/objects/{VERSION}/{self.name}"

    @property
    def identifying(self) -> tuple[str, ...]:
        """The properties that tell which object it is, and whether and since when it is of interest."""
        return "hs_object_id", self.created, self.modified

    @property
    def needed(self) -> frozenset[str]:
        """The properties to ask for whether they are defined or not."""
        return self.always.union(self.identifying)

    @property
    def batch(self) -> int:
        """How many may be read by id at once."""
        return BATCH_WITH_HISTORY if self.history else BATCH

    @property
    def entities(self) -> tuple[str, ...]:
        """The lake tables it fills."""
        return (self.name, self.history_entity) if self.history else (self.name,)

    def start_of(self, connection: Connection) -> date | None:
        """The day from which on it is read; clients of any age, for they buy again."""
        return None if self.name in CLIENTS else connection.start_date

    def counts_until_deleted(self, connection: Connection) -> bool:
        """Whether reports of the past count it until it was deleted: deals and whatever the leads are."""
        is_lead = connection.mappings.leads_from in CONTACTS_AS_LEADS
        return bool(self.history) and (self.name != "contacts" or is_lead)

    def is_read_from(self, connection: Connection) -> bool:
        """Whether the settings leave it in: leads that are contacts are no objects of their own."""
        return self.name != "leads" or connection.mappings.leads_from not in CONTACTS_AS_LEADS


CLIENTS = {"contacts", "companies"}
# Leads come with Sales Hub Professional; teams, owners and exchange rates have scopes of their own, and not
# every account has several currencies. Without their definitions, properties have the names of the API.
OPTIONAL = {
    "leads",
    "lead_property_history",
    "lead_associations",
    "lead_properties",
    "teams",
    "owners",
    "exchange_rates",
    "deal_properties",
    "contact_properties",
    "company_properties",
    "call_properties",
}
DEALS = ObjectType(
    "deals",
    always=DEAL_PROPERTIES,
    history=("dealstage", "pipeline", "amount", "closedate", "hubspot_owner_id", "deal_currency_code"),
    history_entity="deal_property_history",
    history_owner="dealId",
)
LEADS = ObjectType(
    "leads",
    created="hs_createdate",
    always=LEAD_PROPERTIES,
    history=("hs_pipeline_stage", "hs_pipeline", "hubspot_owner_id"),
    history_entity="lead_property_history",
)
CONTACTS = ObjectType(
    "contacts",
    modified="lastmodifieddate",
    always=CONTACT_PROPERTIES,
    history=("lifecyclestage", "hs_lead_status"),
    history_entity="contact_property_history",
)
COMPANIES = ObjectType("companies", always=COMPANY_PROPERTIES)
CRM_TYPES = (DEALS, LEADS, CONTACTS, COMPANIES)


def _activity(name: str, *properties: str) -> ObjectType:
    """An activity, of which no text is read that somebody wrote to somebody."""
    common = ("hs_timestamp", "hs_createdate", "hs_lastmodifieddate", "hs_object_id", "hs_created_by_user_id")
    asked = (*common, "hubspot_owner_id", *properties)
    return ObjectType(name, created="hs_createdate", properties=asked)


CALLS = _activity(
    "calls",
    "hs_call_title",
    "hs_call_direction",
    "hs_call_disposition",
    "hs_call_duration",
    "hs_call_status",
    "hs_activity_type",
)
ACTIVITIES = (
    CALLS,
    _activity(
        "meetings",
        "hs_meeting_title",
        "hs_meeting_start_time",
        "hs_meeting_end_time",
        "hs_meeting_outcome",
        "hs_activity_type",
    ),
    _activity(
        "emails",
        "hs_email_subject",
        "hs_email_direction",
        "hs_email_status",
    ),
    _activity(
        "tasks",
        "hs_task_subject",
        "hs_task_status",
        "hs_task_type",
        "hs_task_priority",
        "hs_task_completion_date",
    ),
    _activity("notes"),
)
TYPES = (*CRM_TYPES, *ACTIVITIES)
