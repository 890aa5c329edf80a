"""Which visible fields conditions and issues are worked out from, and the columns of all models together."""

from __future__ import annotations

from tests.oracle.columns import (
    COLUMNS,
    DEAL,
    DONE,
    FCT_DEALS,
    FCT_LEADS,
    LEAD,
    STAGES,
    Columns,
    Sources,
)
from tests.oracle.conditions import OF_DEALS, OF_LEADS
from tests.oracle.findings import DEAL as LISTED

LEFT: Sources = ("VisibleEmployee.is_active", "VisibleEmployee.native_id")
ACTS: Sources = (*DONE, "VisibleActivity.bindings")
LATE: Sources = (*ACTS, "VisibleActivity.deadline_at")
TOUCHED: Sources = (
    *ACTS,
    "VisibleActivity.type",
    "VisibleActivity.direction",
    "VisibleActivity.duration_seconds",
)
TOLD: Sources = (*DEAL.stays, *DEAL.standing)
USUAL: Sources = (*DEAL.stays, *DEAL.kind)

DIM_STAGE_NORMS: Columns = {
    **dict.fromkeys(("stage_key", "pipeline_key", "connection"), STAGES),
    "stage_name": ("VisibleStage.name",), "stage_position": STAGES, "open_stage_count": STAGES,
    "won_deal_count": USUAL, "usual_seconds_in_stage": USUAL,
}  # fmt: skip
FCT_DEAL_CONDITIONS: Columns = {name: FCT_DEALS[name] for name in OF_DEALS} | {
    "open_stage_count": STAGES, "days_past_close_date": FCT_DEALS["expected_close_date"],
    "planned_activity_count": ACTS, "has_planned_activity": ACTS, "last_activity_date": ACTS,
    "overdue_activity_count": LATE, "overdue_since_date": LATE, "has_overdue_activity": (*LATE, *DEAL.kind),
    "entered_stage_date": DEAL.stays, "seconds_in_stage": DEAL.stays,
    "usual_seconds_in_stage": USUAL, "won_deals_in_stage": USUAL, "is_stalled": USUAL,
    "told_stage_name": (*DEAL.stays, "VisibleStage.name"), "is_history_disagreeing": TOLD,
    "is_close_date_past": (*FCT_DEALS["expected_close_date"], *DEAL.kind),
    "is_close_date_missing": FCT_DEALS["expected_close_date"],
    "is_amount_missing": FCT_DEALS["amount"], "is_amount_negative": FCT_DEALS["amount"],
    "has_client": DEAL.client, "has_loss_reason": FCT_DEALS["loss_reason"],
    "is_owner_inactive": (*DEAL.owner, *LEFT),
}  # fmt: skip
FCT_LEAD_CONDITIONS: Columns = {name: FCT_LEADS[name] for name in OF_LEADS} | {
    "entered_stage_date": LEAD.stays, "seconds_in_stage": LEAD.stays, "seconds_since_created": LEAD.created,
    "is_in_first_stage": (*LEAD.standing, *STAGES),
    "has_touch": (*TOUCHED, *LEAD.created, "VisibleLead.links"),
    "has_source": FCT_LEADS["channel"], "has_client": LEAD.client, "is_owner_inactive": (*LEAD.owner, *LEFT),
}  # fmt: skip


def _of_both(name: str, of_deals: str | None = None) -> Sources:
    """What a column of an issue is read from, be it one of a deal or of a lead."""
    return tuple(dict.fromkeys((*FCT_DEAL_CONDITIONS[of_deals or name], *FCT_LEAD_CONDITIONS.get(name, ()))))


FLAGGED: Sources = tuple(
    dict.fromkeys(
        source
        for columns in (FCT_DEAL_CONDITIONS, FCT_LEAD_CONDITIONS)
        for name, sources in columns.items()
        if name.startswith(("is_", "has_"))
        for source in sources
    )
)
DQ_ISSUES: Columns = {
    **dict.fromkeys(("issue_key", "rule_id", "severity", "status", "is_baseline"), FLAGGED),
    "detected_value": (*FLAGGED, "VisibleActivity.unreadable"),
    **{name: _of_both(name) for name in ("record_type", "record_key", "record_url", "connection")},
    **{name: _of_both(name) for name in ("owner_key", "owner_name")},
    "record_name": _of_both("title"), "money_at_risk": FCT_DEALS["open_amount"],
}  # fmt: skip
RPT_DEALS_NEEDING_ATTENTION: Columns = {name: FCT_DEALS[name] for name in LISTED} | {
    **dict.fromkeys(("cause", "cause_title", "detected_value", "severity", "issue_count"), FLAGGED),
    **dict.fromkeys(("first_seen_date", "days_seen", "is_gravest", "deal_count"), FLAGGED),
    "amount_at_risk": (*FLAGGED, *FCT_DEALS["open_amount"]),
}  # fmt: skip
ALL_COLUMNS: dict[str, Columns] = COLUMNS | {
    "dim_stage_norms": DIM_STAGE_NORMS,
    "fct_deal_conditions": FCT_DEAL_CONDITIONS,
    "fct_lead_conditions": FCT_LEAD_CONDITIONS,
    "dq_issues": DQ_ISSUES,
    "rpt_deals_needing_attention": RPT_DEALS_NEEDING_ATTENTION,
}
