"""Native ids of Bitrix24."""

from __future__ import annotations

from zlib import crc32

from simulator.model import LOST_STAGE, OTHER_LOST_STAGE, WON_STAGE, Activity, ActivityType

OPEN_STAGES = {1: "NEW", 2: "PREPARATION", 3: "PREPAYMENT_INVOICE", 4: "EXECUTING", 5: "FINAL_INVOICE"}
CLOSED_STAGES = {WON_STAGE: "WON", LOST_STAGE: "LOSE", OTHER_LOST_STAGE: "APOLOGY"}
LEAD_STAGES = {1: "NEW", 2: "IN_PROCESS", 3: "PROCESSED", WON_STAGE: "CONVERTED", LOST_STAGE: "JUNK"}
ORIGINS = {
    1: "CALL",
    2: "EMAIL",
    3: "WEB",
    4: "ADVERTISING",
    5: "PARTNER",
    6: "RECOMMENDATION",
    7: "TRADE_SHOW",
    8: "1|WHATSAPP",
}
LOSS_REASON_FIELD = "UF_CRM_LOSS_REASON"
COMPETITOR_FIELD = "UF_CRM_COMPETITOR"
OFFER_FIELD = "UF_CRM_OFFER"  # a file
SCANS_FIELD = "UF_CRM_SCANS"  # several files
CITY_FIELD = "UF_CRM_CITY"  # of contacts and companies, beside their addresses
LEGAL_PLACE = ("Россия", "Самарская область", "Самара")


def deal_id(number: int) -> int:
    """The id of a deal."""
    return number


def employee_id(number: int) -> int:
    """The id of a user; 0 is nobody."""
    return number


def department_id(number: int) -> int:
    """The id of a department."""
    return number


def pipeline_id(pipeline: int) -> int:
    """The id of a deal category; the default one is 0."""
    return 0 if pipeline == 0 else 2 * pipeline + 3


def stage_entity(pipeline: int) -> str:
    """The dictionary that holds the stages of a pipeline."""
    category = pipeline_id(pipeline)
    return f"DEAL_STAGE_{category}" if category else "DEAL_STAGE"


def stage_id(pipeline: int, stage: int) -> str:
    """The STATUS_ID of a stage, with the prefix of its pipeline."""
    code = CLOSED_STAGES.get(stage) or OPEN_STAGES.get(stage) or f"UC_{stage * 7919 % 1_000_003:06X}"
    category = pipeline_id(pipeline)
    return f"C{category}:{code}" if category else code


def field_name(number: int) -> str:
    """The original name of a custom field."""
    return f"UF_CRM_{1747309800 + number}"


def converted_field_name(number: int) -> str:
    """The name a custom field has where original names were not asked for."""
    return f"ufCrm_{1747309800 + number}"


def option_id(field_number: int, option: str) -> int:
    """The id of an option of an enumeration; options are coded "1", "2", ... in a world."""
    return 200 + 40 * field_number + int(option)


def lead_id(number: int) -> int:
    """The id of a lead."""
    return number


def contact_id(number: int) -> int:
    """The id of a contact."""
    return number


def company_id(number: int) -> int:
    """The id of a company."""
    return number


def requisite_id(entity_type: int, number: int) -> int:
    """The id of the requisite of a client, which its addresses hang on; kinds of clients share the count."""
    return 10 * number + entity_type


def has_legal_address(number: int) -> bool:
    """Whether a client has a legal address, which is the same for all, beside the one where it is met."""
    return number % 3 == 0


def province(city: str | None) -> str | None:
    """The province of a city, which a world does not know."""
    return f"{city} oblast" if city else None


def activity_id(number: int) -> int:
    """The id of an activity."""
    return 20_000 + 2 * number


def task_id(number: int) -> int:
    """The id of the task that an activity of a world also is, or is only."""
    return 8_000 + number


def lead_stage_id(stage: int) -> str:
    """The STATUS_ID of a status of leads."""
    return LEAD_STAGES.get(stage) or f"UC_{stage * 6007 % 1_000_003:06X}"


def origin_id(number: int) -> str:
    """The STATUS_ID of a source; those of connectors have a number in front."""
    return ORIGINS[number]


def loss_reason_option_id(label: str) -> int:
    """The id of an option of the loss reason, which a world knows by its label alone."""
    return 5_000 + crc32(label.encode()) % 900_000


def has_activity(activity: Activity) -> bool:
    """Whether it is listed among the activities: a note is a comment, and some tasks are tasks only."""
    if activity.type is ActivityType.TASK:
        return is_todo(activity) or activity.has_task_card
    return activity.type is not ActivityType.NOTE


def has_task(activity: Activity) -> bool:
    """Whether it is listed among the tasks."""
    return activity.type is ActivityType.TASK and not is_todo(activity)


def is_todo(activity: Activity) -> bool:
    """Whether it is a to-do of a record's timeline, which is an activity without a task."""
    return activity.type is ActivityType.TASK and activity.number % 5 == 0
