"""Properties of HubSpot that tell nothing about a person, and those that hold names."""

from extract.core.privacy import Privacy

_ENVELOPE = "id createdAt updatedAt archived archivedAt properties"
_RECORDS = (
    "createdate hs_createdate lastmodifieddate hs_lastmodifieddate hs_object_id hubspot_owner_id"
    " hubspot_team_id hs_created_by_user_id lifecyclestage hs_lead_status hs_pipeline hs_pipeline_stage"
    " hs_lead_is_open hs_lead_disqualification_reason hs_lead_type hs_lead_label hs_analytics_source"
    " hs_merged_object_ids hs_calculated_merged_vids associatedcompanyid hs_primary_contact_id utm_source"
    " utm_medium utm_campaign utm_content utm_term"
)
_ACTIVITIES = (
    "hs_timestamp hs_activity_type hs_call_direction hs_call_disposition hs_call_duration hs_call_status"
    " hs_meeting_outcome hs_meeting_start_time hs_meeting_end_time hs_email_direction hs_email_status"
    " hs_task_status hs_task_priority hs_task_type hs_task_completion_date"
)
PRIVACY = Privacy(
    impersonal=frozenset(f"{_ENVELOPE} {_RECORDS} {_ACTIVITIES}".split()),
    names=frozenset({"firstname", "lastname"}),
    contact_points=frozenset({"email", "phone", "mobilephone", "fax", "hs_whatsapp_phone_number"}),
)
