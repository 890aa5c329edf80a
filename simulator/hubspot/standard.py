"""The properties that every account has, by type of object and type of value, and the options of some."""

from __future__ import annotations

COMMON = {
    "number": "hs_object_id hs_created_by_user_id",
    "datetime": "hs_createdate",
    "enumeration": "hubspot_owner_id hubspot_team_id",
}
MERGING = {"string": "hs_merged_object_ids"}
DEALS = {
    "string": "dealname hs_next_step closed_lost_reason closed_won_reason hs_object_source_detail_1 "
    "hs_analytics_source_data_1 hs_analytics_source_data_2 hs_object_source_label",
    "number": "amount amount_in_home_currency days_to_close hs_deal_stage_probability "
    "hs_forecast_amount hs_forecast_probability hs_projected_amount hs_closed_amount hs_mrr hs_arr hs_acv "
    "hs_tcv hs_exchange_rate num_associated_contacts num_notes num_contacted_notes "
    "hs_v2_time_in_current_stage",
    "datetime": "closedate createdate hs_lastmodifieddate notes_last_contacted "
    "notes_last_updated notes_next_activity_date hubspot_owner_assigneddate hs_v2_date_entered_current_stage",
    "enumeration": "dealstage pipeline dealtype deal_currency_code "
    "hs_priority hs_manual_forecast_category hs_analytics_source hs_analytics_latest_source hs_object_source",
    "bool": "hs_is_closed hs_is_closed_won hs_is_closed_lost",
}
LEADS = {
    "string": "hs_lead_name hs_lead_disqualification_note",
    "number": "hs_lead_associated_deals_count",
    "datetime": "hs_lastmodifieddate",
    "enumeration": "hs_pipeline hs_pipeline_stage hs_lead_type hs_lead_label hs_lead_disqualification_reason "
    "hs_analytics_source",
    "bool": "hs_lead_is_open",
}
CONTACTS = {
    "string": "email firstname lastname jobtitle message city country hs_additional_emails "
    "hs_calculated_merged_vids hs_analytics_source_data_1 hs_analytics_source_data_2 hs_object_source_label",
    "phone_number": "phone mobilephone",
    "number": "associatedcompanyid num_associated_deals",
    "datetime": "createdate lastmodifieddate first_deal_created_date notes_last_contacted",
    "enumeration": "lifecyclestage hs_lead_status hs_analytics_source hs_latest_source",
}
COMPANIES = {
    "string": "name domain city country",
    "phone_number": "phone",
    "number": "numberofemployees annualrevenue hs_parent_company_id",
    "datetime": "createdate hs_lastmodifieddate",
    "enumeration": "industry lifecyclestage hs_lead_status hs_analytics_source",
}
ACTIVITY = {"datetime": "hs_timestamp hs_lastmodifieddate"}
CALLS = {
    "string": "hs_call_title hs_call_body hs_call_from_number hs_call_to_number",
    "number": "hs_call_duration",
    "enumeration": "hs_call_direction hs_call_disposition hs_call_status hs_activity_type",
}
MEETINGS = {
    "string": "hs_meeting_title hs_meeting_location hs_internal_meeting_notes",
    "datetime": "hs_meeting_start_time hs_meeting_end_time",
    "enumeration": "hs_meeting_outcome hs_activity_type",
}
EMAILS = {
    "string": "hs_email_subject hs_email_text hs_email_html hs_email_headers",
    "number": "hs_email_open_count hs_email_click_count hs_email_reply_count hs_sequence_id",
    "enumeration": "hs_email_direction hs_email_status",
}
TASKS = {
    "string": "hs_task_subject hs_task_body",
    "datetime": "hs_task_completion_date",
    "enumeration": "hs_task_status hs_task_type hs_task_priority",
    "bool": "hs_task_is_overdue",
}
NOTES = {"string": "hs_note_body hs_body_preview"}

STANDARD: dict[str, tuple[dict[str, str], ...]] = {
    "deals": (COMMON, MERGING, DEALS),
    "leads": (COMMON, LEADS),
    "contacts": (COMMON, MERGING, CONTACTS),
    "companies": (COMMON, MERGING, COMPANIES),
    "calls": (COMMON, ACTIVITY, CALLS),
    "meetings": (COMMON, ACTIVITY, MEETINGS),
    "emails": (COMMON, ACTIVITY, EMAILS),
    "tasks": (COMMON, ACTIVITY, TASKS),
    "notes": (COMMON, ACTIVITY, NOTES),
}
SOURCES = (
    ("ORGANIC_SEARCH", "Organic Search"),
    ("PAID_SEARCH", "Paid Search"),
    ("EMAIL_MARKETING", "Email Marketing"),
    ("SOCIAL_MEDIA", "Organic Social"),
    ("REFERRALS", "Referrals"),
    ("OTHER_CAMPAIGNS", "Other Campaigns"),
    ("DIRECT_TRAFFIC", "Direct Traffic"),
    ("OFFLINE", "Offline Sources"),
    ("PAID_SOCIAL", "Paid Social"),
    ("AI_REFERRALS", "AI Referrals"),
)
CALL_OUTCOMES = {
    "busy": "9d9162e7-6cf3-4944-bf63-4dff82258764",
    "connected": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
    "left live message": "a4c4c377-d246-4b32-a13b-75a56a4cd0ff",
    "left voicemail": "b2cf5968-551e-4856-9783-52b3da59a7d0",
    "no answer": "73a0d17f-1163-4015-bdd5-ec830791da20",
    "wrong number": "17b47fee-58de-441e-a44c-c6300d46f273",
}
OPTIONS = {
    "hs_call_disposition": tuple((code, name.capitalize()) for name, code in CALL_OUTCOMES.items()),
    "dealtype": (("newbusiness", "New Business"), ("existingbusiness", "Existing Business")),
    "hs_priority": (("low", "Low"), ("medium", "Medium"), ("high", "High")),
    "hs_analytics_source": SOURCES,
    "lifecyclestage": (
        ("subscriber", "Subscriber"),
        ("lead", "Lead"),
        ("marketingqualifiedlead", "Marketing Qualified Lead"),
        ("salesqualifiedlead", "Sales Qualified Lead"),
        ("opportunity", "Opportunity"),
        ("customer", "Customer"),
        ("evangelist", "Evangelist"),
        ("other", "Other"),
    ),
    "hs_lead_status": (
        ("NEW", "New"),
        ("OPEN", "Open"),
        ("IN_PROGRESS", "In Progress"),
        ("OPEN_DEAL", "Open Deal"),
        ("UNQUALIFIED", "Unqualified"),
        ("ATTEMPTED_TO_CONTACT", "Attempted to Contact"),
        ("CONNECTED", "Connected"),
        ("BAD_TIMING", "Bad Timing"),
    ),
}
# Those that HubSpot works out, so that asking for all of them would be asking for too much.
CALCULATED = frozenset(
    {
        "hs_is_closed",
        "hs_is_closed_won",
        "hs_is_closed_lost",
        "hs_lead_is_open",
        "hs_task_is_overdue",
        "hs_merged_object_ids",
        "hs_calculated_merged_vids",
    }
)


def standard_types(name: str) -> dict[str, str]:
    """The type of each standard property of a type of object."""
    return {
        property_name: type_
        for table in STANDARD[name]
        for type_, names in table.items()
        for property_name in names.split()
    }
