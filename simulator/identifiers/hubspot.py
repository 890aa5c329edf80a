"""Native ids of HubSpot, and its two forms of an instant."""

from __future__ import annotations

from datetime import UTC, datetime

from simulator.model import LOST_STAGE, OTHER_LOST_STAGE, WON_STAGE

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


def deal_id(number: int) -> int:
    """The hs_object_id of a deal, as a number."""
    return 18_840_000_000 + 3 * number


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
