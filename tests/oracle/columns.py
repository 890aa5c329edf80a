"""Which visible fields each column that the oracle compares is worked out from."""

from __future__ import annotations

from tests.oracle.reports import EMPLOYEE, FUNNEL, OWNER, PIPELINE, STAGE

Sources = tuple[str, ...]

ID: Sources = ("VisibleDeal.native_id",)
URL: Sources = ("VisiblePortal.record_path", *ID)
TITLE: Sources = ("VisibleDeal.title",)
CREATED: Sources = ("VisibleDeal.created_at",)
CAPTURED: Sources = (
    "VisibleDeal.stage_id",
    "VisibleDeal.pipeline_id",
    "VisibleDeal.modified_at",
    "VisibleDeal.moved_at",
)
EVENTS: Sources = (
    "VisibleStageRow.stage_id", "VisibleStageRow.entered_at", "VisibleStageRow.order",
    "VisiblePropertyRow.value", "VisiblePropertyRow.set_at", "VisiblePropertyRow.order",
)  # fmt: skip
STAYS: Sources = (*EVENTS, *CAPTURED, *CREATED)
STAGES: Sources = ("VisibleStage.native_id", "VisibleStage.kind", "VisibleStage.sort")
NOW_IN: Sources = ("VisibleDeal.pipeline_id", "VisibleDeal.stage_id")
PIPELINE_NAME: Sources = ("VisiblePipeline.name",)
STAGE_NAME: Sources = ("VisibleStage.name",)
KIND: Sources = ("VisibleDeal.stage_kind", "VisibleStage.kind")
CLOSING: Sources = (*STAYS, "VisibleDeal.close_date")
NAME: Sources = ("VisibleEmployee.name",)
OWNER_NOW: Sources = ("VisibleDeal.owner_id",)
STATE_THEN: Sources = ("VisibleDeal.modified_at", "VisiblePropertyRow.set_at")
OWNER_THEN: Sources = (*OWNER_NOW, *STATE_THEN, "VisiblePropertyRow.value")
AMOUNT: Sources = ("VisibleDeal.amount",)
CURRENCY: Sources = ("VisibleDeal.currency", "VisiblePortal.base_currency")
RATE: Sources = (*CURRENCY, "VisibleRate.currency", "VisibleRate.valid_from", "VisibleRate.rate", *CLOSING)
WORTH: Sources = (*AMOUNT, *RATE)
WORTH_THEN: Sources = (*WORTH, *STATE_THEN, "VisiblePropertyRow.value")
DELETED: Sources = ("VisibleDeletion.deal_id",)
DELETED_AT: Sources = ("VisibleDeletion.deleted_at", "VisibleDeletion.is_estimated")

COMMON: dict[str, Sources] = {
    "deal_key": ID, "record_key": ID, "connection": ID, "record_type": ID, "record_url": URL, "title": TITLE,
}  # fmt: skip

FCT_DEALS: dict[str, Sources] = COMMON | {
    "native_id": ID,
    "pipeline_key": NOW_IN, "pipeline_name": PIPELINE_NAME, "stage_key": NOW_IN, "stage_name": STAGE_NAME,
    "stage_kind": KIND, "stage_position": STAGES, "status": KIND,
    "owner_key": OWNER_NOW, "owner_name": NAME,
    "employee_key": (*OWNER_THEN, *CLOSING), "employee_name": NAME,
    "is_owner_carried_back": (*STATE_THEN, *CLOSING),
    "created_at": CREATED, "created_date": CREATED, "modified_at": ("VisibleDeal.modified_at",),
    "expected_close_date": ("VisibleDeal.close_date",),
    "closed_at": CLOSING, "closed_date": CLOSING, "closed_at_source": CLOSING, "seconds_to_close": CLOSING,
    "amount": AMOUNT, "currency": CURRENCY, "amount_converted": WORTH,
    "is_rate_estimated": RATE, "is_rate_missing": RATE, "probability": ("VisibleDeal.probability",),
    "deal_count": (*ID, *DELETED, "VisibleDeal.is_template"),
    "open_count": KIND, "won_count": KIND, "lost_count": KIND,
    "open_amount": (*KIND, *WORTH), "won_amount": (*KIND, *WORTH), "lost_amount": (*KIND, *WORTH),
    "weighted_amount": (*KIND, *WORTH, "VisibleDeal.probability"),
}  # fmt: skip

FCT_STAGE_VISITS: dict[str, Sources] = COMMON | {
    "stage_visit_key": (*ID, *STAYS), "visit_number": STAYS, "entry_source": STAYS,
    "pipeline_key": STAYS, "pipeline_name": PIPELINE_NAME, "stage_key": STAYS,
    "stage_name": STAGE_NAME, "stage_kind": KIND,
    "from_pipeline_key": STAYS, "from_stage_key": STAYS, "from_stage_name": STAGE_NAME,
    "entered_at": STAYS, "exited_at": STAYS, "moved_date": STAYS, "duration_seconds": STAYS,
    "is_current": STAYS,
    "move": (*STAYS, *STAGES), "move_count": STAYS,
    "is_deleted": DELETED, "deleted_at": DELETED_AT,
    "employee_key": OWNER_THEN, "employee_name": NAME, "is_owner_carried_back": STATE_THEN,
    "amount": (*AMOUNT, *STATE_THEN, "VisiblePropertyRow.value"), "currency": (*CURRENCY, *STATE_THEN),
    "amount_converted": WORTH_THEN, "is_amount_carried_back": STATE_THEN,
}  # fmt: skip

FCT_DEAL_STAGES: dict[str, Sources] = COMMON | {
    "pipeline_key": STAYS, "pipeline_name": PIPELINE_NAME, "stage_key": (*STAYS, *STAGES),
    "stage_name": STAGE_NAME, "stage_kind": KIND, "stage_position": STAGES,
    "owner_key": OWNER_NOW, "owner_name": NAME, "created_date": CREATED,
    "reached_count": STAYS, "reached_with_conversion_count": (*STAYS, *STAGES),
    "reached_amount": (*STAYS, *WORTH),
    "passed_on_count": (*STAYS, *STAGES), "current_count": NOW_IN, "current_amount": (*NOW_IN, *WORTH),
    "completed_visits": STAYS, "total_seconds_in_stage": STAYS, "lost_from_here_count": (*STAYS, *KIND),
}  # fmt: skip


def _report(fact: dict[str, Sources], columns: dict[str, str]) -> dict[str, Sources]:
    return {name: fact[column] for name, column in columns.items()}


COLUMNS: dict[str, dict[str, Sources]] = {
    "fct_deals": FCT_DEALS,
    "fct_stage_visits": FCT_STAGE_VISITS,
    "fct_deal_stages": FCT_DEAL_STAGES,
    "rpt_deal_funnel": _report(
        FCT_DEAL_STAGES,
        {"created_date": "created_date"} | PIPELINE | STAGE | OWNER | {name: name for name in FUNNEL},
    ),
    "rpt_stage_transitions": _report(
        FCT_STAGE_VISITS,
        {"moved_date": "moved_date", "from_stage_key": "from_stage_key", "from_stage_name": "from_stage_name"}
        | {"to_stage_key": "stage_key", "to_stage_name": "stage_name", "move": "move"}
        | PIPELINE
        | EMPLOYEE
        | {"move_count": "move_count", "amount": "amount_converted"},
    ),
    "rpt_employee_sales": _report(
        FCT_DEALS,
        {"created_date": "created_date", "status": "status"}
        | PIPELINE
        | OWNER
        | {"deal_count": "deal_count", "amount": "amount_converted", "weighted_amount": "weighted_amount"}
        | {"total_seconds_to_close": "seconds_to_close"},
    ),
    "rpt_sales_trend": _report(
        FCT_DEALS,
        {"closed_date": "closed_date"}
        | PIPELINE
        | EMPLOYEE
        | {name: name for name in ("won_count", "won_amount", "lost_count", "lost_amount")},
    ),
}
