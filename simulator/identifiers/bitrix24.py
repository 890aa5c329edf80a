"""Native ids of Bitrix24."""

from __future__ import annotations

from simulator.model import LOST_STAGE, OTHER_LOST_STAGE, WON_STAGE

OPEN_STAGES = {1: "NEW", 2: "PREPARATION", 3: "PREPAYMENT_INVOICE", 4: "EXECUTING", 5: "FINAL_INVOICE"}
CLOSED_STAGES = {WON_STAGE: "WON", LOST_STAGE: "LOSE", OTHER_LOST_STAGE: "APOLOGY"}


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
