"""Native ids of HubSpot, and its two forms of an instant."""

from __future__ import annotations

from datetime import UTC, datetime

from simulator.model import LOST_STAGE, OTHER_LOST_STAGE, WON_STAGE, ActivityType

DEFAULT_STAGES = {
    1: "appointmentscheduled",
    2: "qualifiedtobuy",
    3: "presentationscheduled",
    4: "decisionmakerboughtin",
    5: "contractsent",
    WON_STAGE: "closedwon",
    LOST_STAGE: "closedlost",
    OTHER_LOST_STAGE: "987654321",
}

LEAD_PIPELINE = "lead-pipeline-id"
LEAD_STAGES = {
    1: "new-stage-id",
    2: "attempting-stage-id",
    3: "connected-stage-id",
    WON_STAGE: "qualified-stage-id",
    LOST_STAGE: "unqualified-stage-id",
}
# What a contact's hs_lead_status and lifecyclestage become when its lead enters a stage.
LEAD_STATUSES = {
    1: "NEW",
    2: "IN_PROGRESS",
    3: "CONNECTED",
    4: "OPEN",
    WON_STAGE: "OPEN_DEAL",
    LOST_STAGE: "UNQUALIFIED",
    OTHER_LOST_STAGE: "BAD_TIMING",
}
LIFECYCLE_STAGES = {
    1: "subscriber",
    2: "lead",
    3: "marketingqualifiedlead",
    4: "salesqualifiedlead",
    WON_STAGE: "opportunity",
    LOST_STAGE: "other",
    OTHER_LOST_STAGE: "other",
}
ANALYTICS_SOURCES = {
    1: "OFFLINE",
    2: "EMAIL_MARKETING",
    3: "ORGANIC_SEARCH",
    4: "PAID_SEARCH",
    5: "REFERRALS",
    6: "DIRECT_TRAFFIC",
    7: "OTHER_CAMPAIGNS",
    8: "SOCIAL_MEDIA",
}
COMPETITOR_FIELD = "competitor_name"
UTM_FIELDS = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
ACTIVITY_STARTS = {
    ActivityType.CALL: 61_000_000_000,
    ActivityType.MEETING: 62_000_000_000,
    ActivityType.EMAIL: 63_000_000_000,
    ActivityType.TASK: 64_000_000_000,
    ActivityType.NOTE: 65_000_000_000,
}
# The id of number 0 and the distance of neighbours; ids of survivors lie between, or behind all.
MERGING = {"deal": (18_840_000_000, 3), "contact": (41_050_000_000, 5), "company": (7_755_000_000, 11)}
BEHIND_ALL = 900_000_000


def deal_id(number: int) -> int:
    """The hs_object_id of a deal, as a number; of one that never was the survivor of a merge."""
    return merged_id("deal", number, 0)


def lead_id(number: int) -> int:
    """The hs_object_id of a lead."""
    return 52_300_000_000 + 7 * number


def contact_id(number: int) -> int:
    """The hs_object_id of a contact that never was the survivor of a merge."""
    return merged_id("contact", number, 0)


def company_id(number: int) -> int:
    """The hs_object_id of a company that never was the survivor of a merge."""
    return merged_id("company", number, 0)


def activity_id(type_: ActivityType, number: int) -> int:
    """The hs_object_id of a call, meeting, e-mail, task or note."""
    return ACTIVITY_STARTS[type_] + 13 * number


def merged_id(kind: str, number: int, merges: int) -> int:
    """The id of the deal, contact or company `number` once so many others were merged into it.

    Every merge makes a new record: its survivor answers to all of its earlier ids, and shows only the newest.
    """
    start, step = MERGING[kind]
    if merges < step:
        return start + step * number + merges
    return start + BEHIND_ALL + 100 * number + merges


def lead_stage_id(stage: int) -> str:
    """The id of a stage of the one pipeline of leads."""
    return LEAD_STAGES.get(stage) or str(1_100_000_000 + stage)


def lead_status(stage: int) -> str:
    """The hs_lead_status of a contact whose lead is in a stage."""
    return LEAD_STATUSES.get(stage, "OPEN")


def lifecycle_stage(stage: int) -> str:
    """The lifecyclestage of a contact whose lead is in a stage."""
    return LIFECYCLE_STAGES.get(stage, "lead")


def analytics_source(origin: int) -> str:
    """The hs_analytics_source that an origin is entered as."""
    return ANALYTICS_SOURCES.get(origin, "OFFLINE")


def owner_id(number: int) -> str:
    """The owner id of an employee: what `hubspot_owner_id` holds."""
    return str(60_158_000 + number)


def user_id(number: int) -> int:
    """The user id of an employee: what history and audit fields hold."""
    return 9_586_000 + number


def team_id(department: int) -> str:
    """The id of a team."""
    return str(178_500 + department)


def pipeline_id(pipeline: int) -> str:
    """The id of a deal pipeline."""
    return "default" if pipeline == 0 else str(75_000_000 + pipeline)


def stage_id(pipeline: int, stage: int) -> str:
    """The id of a stage; unique over all deal pipelines."""
    if pipeline == 0 and stage in DEFAULT_STAGES:
        return DEFAULT_STAGES[stage]
    return str(100_000_000 * (pipeline + 1) + stage)


def field_name(number: int) -> str:
    """The name of a custom property."""
    return f"company_field_{number}"


def option_value(option: str) -> str:
    """The stored value of an option."""
    return f"option_{option}"


def instant_text(at: datetime) -> str:
    """An instant in UTC; HubSpot writes the fraction at some places only, here by the second."""
    return at.astimezone(UTC).isoformat()[:19] + ("Z" if at.second % 3 == 0 else ".000Z")


def epoch_milliseconds(at: datetime) -> int:
    """An instant as search filters take it."""
    return int(at.timestamp()) * 1000
