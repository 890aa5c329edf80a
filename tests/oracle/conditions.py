"""fct_deal_conditions, fct_lead_conditions and dim_stage_norms: what is in order about each record."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from simulator.model import StageKind
from tests.oracle.acts import Acts
from tests.oracle.deals import NOTHING
from tests.oracle.inputs import Row, seconds_between

if TYPE_CHECKING:
    from tests.oracle.records import Deal, Lead

OF_DEALS = (
    "deal_key", "record_key", "connection", "record_type", "record_url", "title", "pipeline_key", "stage_key",
    "stage_name", "stage_position", "status", "owner_key", "owner_name", "created_date",
    "expected_close_date", "amount", "open_amount",
)  # fmt: skip
OF_LEADS = (
    "lead_key", "record_key", "connection", "record_type", "record_url", "title", "pipeline_key",
    "pipeline_name", "stage_key", "stage_name", "stage_position", "status", "owner_key", "owner_name",
    "department", "created_at", "created_date", "deal_count",
)  # fmt: skip
NINE_OF_TEN = 9, 10


class Lasting(int):
    """Seconds up to now; equal to up to ten minutes more, as the cycle that tells the time came later."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int) and 0 <= int(other) - int(self) <= 600

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return 0


def stage_norms(deals: list[Deal]) -> dict[str, Row]:
    """The norm of every open stage, by its key."""
    stays: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for deal in deals:
        if deal.exists and deal.stage.kind is StageKind.WON:
            for stay in deal.stays:
                if stay.stage.kind is StageKind.OPEN and stay.seconds is not None:
                    stays[stay.stage.stage_key].append((deal.key, stay.seconds))
    directories = {deal.connection.name: deal.directory for deal in deals}
    found: dict[str, Row] = {}
    for name, directory in directories.items():
        for stage in directory.open_stages():
            told = stays[stage.stage_key]
            found[stage.stage_key] = {
                "stage_key": stage.stage_key,
                "pipeline_key": stage.pipeline_key,
                "connection": name,
                "stage_name": stage.name,
                "stage_position": stage.position,
                "open_stage_count": len(directory.active_open_stages(stage.pipeline_id)),
                "won_deal_count": len({key for key, _ in told}),
                "usual_seconds_in_stage": _ninth_of_ten([seconds for _, seconds in told]),
            }
    return found


def _ninth_of_ten(values: list[int]) -> int | None:
    """The smallest value that nine of ten are not above."""
    share, whole = NINE_OF_TEN
    ordered = sorted(values)
    return next((v for n, v in enumerate(ordered, 1) if n * whole >= share * len(ordered)), None)


def fct_deal_conditions(rows: list[Row], deals: list[Deal]) -> list[Row]:
    """One row per deal that exists; `rows` are those of fct_deals."""
    by_key = {deal.key: deal for deal in deals}
    norms = stage_norms(deals)
    acts = {deal.connection.name: Acts(deal.connection) for deal in deals}
    found = []
    for row in rows:
        deal = by_key[str(row["deal_key"])]
        own_acts, norm = acts[deal.connection.name], norms.get(deal.stage.stage_key, {})
        conditions = _of_acts(deal, own_acts) | _of_stage(deal, norm) | _of_dates(deal) | _of_fields(row)
        found.append({name: row[name] for name in OF_DEALS} | conditions | _of_history(deal))
        found[-1]["is_owner_inactive"] = _has_left(deal)
    return found


def _of_acts(deal: Deal, acts: Acts) -> Row:
    planned, missed = acts.planned("deal", deal.native_id), acts.missed("deal", deal.native_id)
    last = max(acts.done("deal", deal.native_id), default=None)
    return {
        "planned_activity_count": len(planned),
        "overdue_activity_count": len(missed),
        "overdue_since_date": deal.reporting.day(missed[0]) if missed else None,
        "last_activity_date": None if last is None else deal.reporting.day(last),
        "has_planned_activity": bool(planned),
        "has_overdue_activity": _is_open(deal) and bool(missed),
    }


def _of_stage(deal: Deal, norm: Row) -> Row:
    seconds = _seconds_in_stage(deal)
    usual = norm.get("usual_seconds_in_stage")
    return {
        "entered_stage_date": deal.reporting.day(deal.stays[-1].entered_at),
        "seconds_in_stage": seconds,
        "usual_seconds_in_stage": usual,
        "won_deals_in_stage": norm.get("won_deal_count"),
        "open_stage_count": norm.get("open_stage_count"),
        "is_stalled": _is_open(deal) and isinstance(usual, int) and seconds > usual,
    }


def _of_dates(deal: Deal) -> Row:
    planned = deal.expected_close_date
    days = None if planned is None else (deal.reporting.day(deal.connection.data_as_of) - planned).days
    return {
        "days_past_close_date": days,
        "is_close_date_past": _is_open(deal) and days is not None and days > 0,
        "is_close_date_missing": planned is None,
    }


def _of_fields(row: Row) -> Row:
    amount = row["amount"] or NOTHING
    return {
        "is_amount_missing": amount == NOTHING,
        "is_amount_negative": amount < NOTHING,  # type: ignore[operator]
        "has_client": row["client_key"] is not None,
        "has_loss_reason": bool(str(row["loss_reason"] or "").strip()),
    }


def _of_history(deal: Deal) -> Row:
    """The stage that was told last; what moved while it was read is not judged."""
    if not deal.history.events:
        return {"told_stage_name": None, "is_history_disagreeing": False}
    last = deal.history.events[-1]
    is_settled = max(last.at, deal.newest.modified_at) <= deal.connection.data_as_of
    is_elsewhere = last.place != deal.history.newest.place
    return {
        "told_stage_name": deal.directory.stage(last.place).name,
        "is_history_disagreeing": is_settled and is_elsewhere,
    }


def fct_lead_conditions(rows: list[Row], leads: list[Lead]) -> list[Row]:
    """One row per lead that exists; `rows` are those of fct_leads."""
    by_key = {lead.key: lead for lead in leads}
    acts = {lead.connection.name: Acts(lead.connection) for lead in leads}
    return [
        {name: row[name] for name in OF_LEADS}
        | _of_lead(by_key[str(row["lead_key"])], acts[str(row["connection"])])
        | {
            "has_source": row["source_key"] is not None or row["channel"] is not None,
            "has_client": row["client_key"] is not None,
        }
        for row in rows
    ]


def _of_lead(lead: Lead, acts: Acts) -> Row:
    people = lead.connection.portal.captures[-1].contacts
    contacts = [native_id for native_id in lead.newest.links.contacts if native_id in people]
    since = [at for contact in contacts for at in acts.touches("contact", contact) if at >= lead.created_at]
    return {
        "entered_stage_date": lead.reporting.day(lead.stays[-1].entered_at),
        "seconds_in_stage": _seconds_in_stage(lead),
        "seconds_since_created": Lasting(seconds_between(lead.created_at, lead.connection.data_as_of)),
        "is_in_first_stage": _is_open(lead) and lead.stage.position == 1,
        "has_touch": bool(acts.touches("lead", lead.native_id) or since),
        "is_owner_inactive": _has_left(lead),
    }


def _is_open(record: Deal | Lead) -> bool:
    return record.stage.kind is StageKind.OPEN


def _seconds_in_stage(record: Deal | Lead) -> Lasting:
    return Lasting(max(0, seconds_between(record.stays[-1].entered_at, record.connection.data_as_of)))


def _has_left(record: Deal | Lead) -> bool:
    """Who is not listed is not known to have left."""
    people = record.connection.portal.captures[-1].employees
    return any(person.native_id == record.newest.owner_id and not person.is_active for person in people)
