"""Which visible fields each column that the oracle compares is worked out from."""

from __future__ import annotations

from tests.oracle.lists import LISTED, LOSS, OWNER
from tests.oracle.periods import DIMENSIONS, EVENTS, OFFSETS
from tests.oracle.reports import REPORTS
from tests.oracle.waterfall import MEASURES

Sources = tuple[str, ...]
Columns = dict[str, Sources]


def _seen(kind: str, *names: str) -> Sources:
    return tuple(f"Visible{kind}.{name}" for name in names)


EVENTS_TOLD: Sources = (
    *_seen("StageRow", "record_id", "stage_id", "entered_at", "order"),
    *_seen("PropertyRow", "record_id", "value", "set_at", "order"),
)
STAGES = _seen("Stage", "native_id", "kind", "sort")
VALUE_THEN = _seen("PropertyRow", "set_at", "value")
CLIENT = _seen("Client", "native_id", "is_own")
DELETED_AT = _seen("Deletion", "deleted_at", "is_estimated")
GONE: Sources = (*DELETED_AT, *_seen("Deletion", "restored_at"))
NAME = _seen("Employee", "name")
DEPARTMENT = _seen("Employee", "department_id") + _seen("Department", "name")


class Read:
    """What the columns of deals, or of leads, are read from."""

    def __init__(self, kind: str) -> None:
        self.id = _seen(kind, "native_id")
        self.created = _seen(kind, "created_at")
        captured = _seen(kind, "stage_id", "pipeline_id", "modified_at", "moved_at")
        self.stays: Sources = (*EVENTS_TOLD, *captured, *self.created)
        self.standing = _seen(kind, "pipeline_id", "stage_id")
        self.kind: Sources = (*_seen(kind, "stage_kind"), *_seen("Stage", "kind"))
        self.closing: Sources = (*self.stays, *_seen(kind, "close_date"))
        self.owner = _seen(kind, "owner_id")
        self.then: Sources = (*_seen(kind, "modified_at"), *_seen("PropertyRow", "set_at"))
        self.owner_then: Sources = (*self.owner, *self.then, *VALUE_THEN)
        self.currency: Sources = (*_seen(kind, "currency"), *_seen("Portal", "base_currency"))
        self.rate: Sources = (*self.currency, *_seen("Rate", "currency", "valid_from", "rate"))
        self.worth: Sources = (*_seen(kind, "amount"), *self.rate, *self.closing)
        self.worth_then: Sources = (*self.worth, *self.then, *VALUE_THEN)
        self.source: Sources = (*_seen(kind, "source_id", "links"), *_seen("Client", "source_id"))
        self.client: Sources = (*_seen(kind, "links"), *CLIENT)
        self.kind_name = kind

    def common(self) -> Columns:
        """What all facts of the records have."""
        key = f"{self.kind_name.lower()}_key"
        return dict.fromkeys((key, "record_key", "connection", "record_type"), self.id) | {
            "record_url": (*_seen("Portal", "record_paths"), *self.id),
            "title": _seen(self.kind_name, "title"),
        }

    def origin(self) -> Columns:
        """Client, source and the like."""
        utm = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")
        own = {"lead_key": _seen("Deal", "links")} if self.kind_name == "Deal" else {}
        return (
            dict.fromkeys(utm, _seen(self.kind_name, "utm"))
            | own
            | {
                "client_key": self.client,
                "client_name": (*self.client, *_seen("Client", "name")),
                "source_key": self.source,
                "source_name": (*self.source, *_seen("Source", "native_id", "name")),
                "channel": (*self.source, *_seen(self.kind_name, "utm")),
                "is_repeat": (*self.client, *self.created, *EVENTS_TOLD),
                "is_repeat_in_crm": _seen(self.kind_name, "is_repeat_in_crm"),
            }
        )

    def description(self) -> Columns:
        """The same without the lead."""
        return {name: found for name, found in self.origin().items() if name != "lead_key"}

    def place(self, standing: Sources) -> Columns:
        """A pipeline and a stage."""
        return {
            "pipeline_key": standing, "pipeline_name": _seen("Pipeline", "name"), "stage_key": standing,
            "stage_name": _seen("Stage", "name"), "stage_kind": self.kind, "stage_position": STAGES,
        }  # fmt: skip

    def people(self) -> Columns:
        """Who is responsible now."""
        return {"owner_key": self.owner, "owner_name": NAME, "department": (*self.owner, *DEPARTMENT)}

    def employee(self, told: Sources) -> Columns:
        """Who was responsible then."""
        return {"employee_key": told, "employee_name": NAME}

    def present(self) -> Columns:
        """The present state."""
        times = {"created_at": self.created, "created_date": self.created, "closed_at": self.closing}
        return self.common() | self.origin() | self.place(self.standing) | self.people() | times | {
            "native_id": self.id, "status": self.kind, "closed_date": self.closing,
            "modified_at": _seen(self.kind_name, "modified_at"),
            "modified_date": _seen(self.kind_name, "modified_at"),
            "amount": _seen(self.kind_name, "amount"), "currency": self.currency,
            "amount_converted": self.worth,
        }  # fmt: skip

    def funnel(self) -> Columns:
        """One row per record and stage."""
        stays, worth = self.stays, self.worth
        return self.common() | self.origin() | self.place((*stays, *STAGES)) | self.people() | {
            "created_date": self.created,
            "reached_count": stays, "reached_with_conversion_count": (*stays, *STAGES),
            "reached_amount": (*stays, *worth), "passed_on_count": (*stays, *STAGES),
            "current_count": self.standing, "current_amount": (*self.standing, *worth),
            "completed_visits": stays, "total_seconds_in_stage": stays,
            "lost_from_here_count": (*stays, *self.kind),
        }  # fmt: skip


DEAL, LEAD = Read("Deal"), Read("Lead")
CLOSED_BY = (*DEAL.owner_then, *DEAL.closing)
FCT_DEALS = DEAL.present() | DEAL.employee(CLOSED_BY) | {
    "employee_department": (*CLOSED_BY, *DEPARTMENT), "is_owner_carried_back": (*DEAL.then, *DEAL.closing),
    "expected_close_date": _seen("Deal", "close_date"), "closed_at_source": DEAL.closing,
    "seconds_to_close": DEAL.closing, "is_rate_estimated": DEAL.rate, "is_rate_missing": DEAL.rate,
    "probability": _seen("Deal", "probability"),
    "deal_count": (*DEAL.id, *GONE, *_seen("Deal", "is_template", "merged_ids")),
    "open_count": DEAL.kind, "won_count": DEAL.kind, "lost_count": DEAL.kind,
    "open_amount": (*DEAL.kind, *DEAL.worth), "won_amount": (*DEAL.kind, *DEAL.worth),
    "lost_amount": (*DEAL.kind, *DEAL.worth),
    "weighted_amount": (*DEAL.kind, *DEAL.worth, *_seen("Deal", "probability")),
    "loss_reason": (*DEAL.kind, *_seen("Deal", "loss_reason")),
    "competitor": (*DEAL.kind, *_seen("Deal", "competitor")),
    "from_stage_key": DEAL.stays, "from_stage_name": _seen("Stage", "name"),
}  # fmt: skip
FCT_STAGE_VISITS = {
    name: found
    for name, found in (
        DEAL.common() | DEAL.description() | DEAL.place(DEAL.stays) | DEAL.employee(DEAL.owner_then)
    ).items()
    if name != "stage_position"
} | {
    "stage_visit_key": (*DEAL.id, *DEAL.stays), "visit_number": DEAL.stays, "entry_source": DEAL.stays,
    "from_pipeline_key": DEAL.stays, "from_stage_key": DEAL.stays, "from_stage_name": _seen("Stage", "name"),
    "entered_at": DEAL.stays, "exited_at": DEAL.stays, "moved_date": DEAL.stays,
    "duration_seconds": DEAL.stays, "is_current": DEAL.stays, "move": (*DEAL.stays, *STAGES),
    "move_count": DEAL.stays, "is_deleted": GONE, "deleted_at": DELETED_AT,
    "department": (*DEAL.owner_then, *DEPARTMENT), "is_owner_carried_back": DEAL.then,
    "amount": (*_seen("Deal", "amount"), *VALUE_THEN), "currency": (*DEAL.currency, *DEAL.then),
    "amount_converted": DEAL.worth_then, "is_amount_carried_back": DEAL.then,
}  # fmt: skip
FCT_LEADS = LEAD.present() | {
    "converted_at": LEAD.closing, "converted_date": LEAD.closing, "seconds_to_convert": LEAD.closing,
    "created_count": (*LEAD.id, *GONE), "open_count": LEAD.kind, "converted_count": LEAD.kind,
    "lost_count": LEAD.kind, "quality_lead_count": LEAD.kind,
    "deal_count": _seen("Deal", "links"), "won_count": (*_seen("Deal", "links"), *DEAL.kind),
    "won_amount": (*_seen("Deal", "links"), *DEAL.kind, *DEAL.worth), "loss_note": _seen("Lead", "loss_note"),
}  # fmt: skip
BOTH = {
    name: tuple(dict.fromkeys((*LEAD.funnel().get(name, ()), *sources)))
    for name, sources in DEAL.funnel().items()
}
FCT_PATH_STAGES = {name: BOTH[name] for name in BOTH if name not in {"deal_key", "lead_key"}} | {
    "path_key": (*LEAD.id, *DEAL.id, *_seen("Deal", "links")),
    "path_position": STAGES,
}
DAY: Sources = (*DEAL.stays, *DEAL.then, *GONE)
WORTH_OF_DAY: Sources = (*DAY, *DEAL.worth_then)
PAST = {name: found for name, found in DEAL.common().items() if name != "deal_key"} | {
    name: DEAL.origin()[name] for name in ("source_key", "source_name", "is_repeat")
}
FCT_DEAL_DAYS = PAST | DEAL.place(DAY) | DEAL.employee((*DAY, *DEAL.owner_then)) | {
    "as_of_date": DAY, "department": (*DAY, *DEPARTMENT), "is_owner_carried_back": DEAL.then,
    "amount": WORTH_OF_DAY,
    "currency": (*DEAL.currency, *DEAL.then), "amount_converted": WORTH_OF_DAY,
    "is_amount_carried_back": DEAL.then, "is_rate_estimated": DEAL.rate, "is_rate_missing": DEAL.rate,
    "probability": (*_seen("Deal", "probability"), *_seen("Stage", "probability")),
    "open_count": DAY, "open_amount": WORTH_OF_DAY,
    "weighted_amount": (*WORTH_OF_DAY, *_seen("Deal", "probability"), *_seen("Stage", "probability")),
    "is_reported_day": DAY, "is_month_end": DAY,
}  # fmt: skip
del FCT_DEAL_DAYS["stage_kind"]
HOLDER = dict.fromkeys(("period_month", "pipeline_key"), DAY) | {
    "pipeline_name": _seen("Pipeline", "name"), "department": (*DAY, *DEPARTMENT),
} | DEAL.employee((*DAY, *DEAL.owner_then))  # fmt: skip
MONTH = {name: DAY if name.endswith("_count") else WORTH_OF_DAY for name in MEASURES}
FCT_PIPELINE_MONTHS = PAST | HOLDER | MONTH
CHANGED: Sources = (*DEAL.stays, *DEAL.then, *VALUE_THEN)
CHANGE = (
    "changed_at", "changed_date", "field", "old_value", "new_value", "old_key", "new_key", "days_moved",
    "change_count",
)  # fmt: skip
FCT_DEAL_CHANGES = (
    PAST
    | DEAL.employee(DEAL.owner_then)
    | dict.fromkeys(CHANGE, CHANGED)
    | {"amount_difference": DEAL.worth_then, "pipeline_key": DEAL.standing}
    | {"pipeline_name": _seen("Pipeline", "name"), "department": (*CHANGED, *DEPARTMENT)}
)
ACT = _seen("Activity", "record_type", "native_id")
DONE = _seen("Activity", "done_at", "is_completed", "modified_at")
FCT_ACTIVITIES: Columns = dict.fromkeys(
    ("activity_key", "record_key", "connection", "record_type", "native_id"), ACT
) | DEAL.employee(_seen("Activity", "employee_id")) | {
    "record_url": _seen("Activity", "record_path"), "title": _seen("Activity", "subject"),
    "activity_type": _seen("Activity", "type"),
    "direction": _seen("Activity", "direction"), "department": DEPARTMENT,
    "primary_record_key": _seen("Activity", "primary"), "deal_key": _seen("Activity", "primary", "bindings"),
    "activity_at": (*DONE, *_seen("Activity", "deadline_at")),
    "activity_date": (*DONE, *_seen("Activity", "deadline_at")),
    "done_at": DONE, "deadline_at": _seen("Activity", "deadline_at"), "is_completed": DONE,
    "is_done_at_estimated": DONE, "duration_seconds": _seen("Activity", "duration_seconds"),
    "done_count": DONE, "planned_count": DONE, "overdue_count": (*DONE, *_seen("Activity", "deadline_at")),
    "total_duration_seconds": (*DONE, *_seen("Activity", "duration_seconds")),
}  # fmt: skip
PERIOD = {
    f"{offset}{event}_{kind}": (*(DEAL.created if event == "created" else DEAL.closing), *DEAL.worth)
    for offset in OFFSETS
    for event in EVENTS
    for kind in ("count", "amount")
}

FACTS: dict[str, Columns] = {
    "fct_deals": FCT_DEALS,
    "fct_stage_visits": FCT_STAGE_VISITS,
    "fct_deal_stages": DEAL.funnel(),
    "fct_leads": FCT_LEADS,
    "fct_lead_stages": LEAD.funnel(),
    "fct_path_stages": FCT_PATH_STAGES,
    "fct_activities": FCT_ACTIVITIES,
    "fct_deal_days": FCT_DEAL_DAYS,
    "fct_pipeline_months": FCT_PIPELINE_MONTHS,
    "fct_deal_changes": FCT_DEAL_CHANGES,
}
TOUCHED = dict.fromkeys(("last_activity_at", "last_activity_date"), (*DONE, *_seen("Activity", "bindings")))
ORIGIN = {name: DEAL.origin()[name] for name in ("source_key", "source_name", "is_repeat")}
LISTS: dict[str, Columns] = {
    "rpt_pipeline_waterfall": {"connection": DEAL.id} | HOLDER | ORIGIN | MONTH,
    "rpt_period_comparison": dict.fromkeys(("period_type", "period_start_date", "is_complete"), DEAL.closing)
    | {name: FCT_DEALS[name] for name in DIMENSIONS}
    | PERIOD,
    "rpt_deals_without_activities": {name: FCT_DEALS[name] for name in (*LISTED, *OWNER, "deal_count")}
    | TOUCHED
    | {"days_without_activity": (*DONE, *DEAL.created), "amount_at_risk": FCT_DEALS["open_amount"]},
    "rpt_lost_deals": {name: FCT_DEALS[name] for name in (*LISTED, *LOSS)}
    | TOUCHED
    | {"department": FCT_DEALS["employee_department"], "days_to_close": DEAL.closing},
}
COLUMNS: dict[str, Columns] = FACTS | LISTS | {
    name: {
        column: FACTS[report.fact][source]
        for column, source in (dict(report.dimensions) | dict(report.measures)).items()
    }
    for name, report in REPORTS.items()
}  # fmt: skip
