"""What the rules of deals, leads and activities flag, and the lists made of it."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from quality.rules import load_rules

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tests.oracle.inputs import Connection, Reporting, Row

HOURS_TO_TOUCH = 24
DAYS_STALLED = 14
DAYS_STUCK = 30
GRAVITY = ("error", "warning", "info")
DEAL = (
    "deal_key", "title", "owner_name", "open_amount", "stage_name", "client_name", "connection",
    "pipeline_key", "pipeline_name", "stage_key", "owner_key", "department", "source_key", "source_name",
    "is_repeat", "created_date", "expected_close_date", "record_url",
)  # fmt: skip


def _is_open(row: Row) -> bool:
    return row["status"] == "open"


def _is_late(row: Row) -> bool:
    """In the second half of the open stages."""
    position, stages = row["stage_position"], row["open_stage_count"]
    return isinstance(position, int) and isinstance(stages, int) and 2 * position > stages


def _is_stalled(row: Row) -> bool:
    return bool(row["is_stalled"]) and int(str(row["seconds_in_stage"])) >= DAYS_STALLED * 86400


def _amount(row: Row) -> str:
    return f"{'empty' if row['amount'] is None else '0'} in stage {row['stage_name']}"


def _last_activity(row: Row) -> str:
    last = row["last_activity_date"]
    return "no activity at all" if last is None else f"last activity {last}"


# What a rule flags, and what it says of it.
DEAL_RULES: dict[str, tuple[Callable[[Row], bool], Callable[[Row], str]]] = {
    "deal_without_activity": (
        lambda row: _is_open(row) and row["planned_activity_count"] == 0,
        _last_activity,
    ),
    "deal_overdue_activity": (
        lambda row: _is_open(row) and row["overdue_activity_count"] != 0,
        lambda row: f"since {row['overdue_since_date']}",
    ),
    "deal_close_date_past": (
        lambda row: bool(row["is_close_date_past"]),
        lambda row: str(row["expected_close_date"]),
    ),
    "deal_close_date_missing": (
        lambda row: _is_open(row) and _is_late(row) and row["expected_close_date"] is None,
        lambda row: f"no date in stage {row['stage_name']}",
    ),
    "deal_stalled": (_is_stalled, lambda row: f"{row['stage_name']} since {row['entered_stage_date']}"),
    "deal_amount_missing": (
        lambda row: not row["amount"] and (row["status"] == "won" or (_is_open(row) and _is_late(row))),
        _amount,
    ),
    "deal_amount_negative": (
        lambda row: Decimal(str(row["amount"] or 0)) < 0,
        lambda row: str(Decimal(str(row["amount"])).quantize(Decimal("0.01"))),
    ),
    "deal_lost_without_reason": (
        lambda row: row["status"] == "lost" and not row["has_loss_reason"],
        lambda row: str(row["stage_name"]),
    ),
    "deal_without_client": (lambda row: not row["has_client"], lambda _: "neither contact nor company"),
    "deal_owner_inactive": (
        lambda row: _is_open(row) and bool(row["is_owner_inactive"]),
        lambda row: str(row["owner_name"]),
    ),
    "deal_history_disagrees": (
        lambda row: bool(row["is_history_disagreeing"]),
        lambda row: f"history: {row['told_stage_name']}, now: {row['stage_name']}",
    ),
}
LEAD_RULES: dict[str, tuple[Callable[[Row], bool], Callable[[Row], str]]] = {
    "lead_unworked": (
        lambda row: (
            bool(row["is_in_first_stage"])
            and not row["has_touch"]
            and int(str(row["seconds_since_created"])) > HOURS_TO_TOUCH * 3600
        ),
        lambda row: f"new since {row['created_date']}",
    ),
    "lead_without_source": (lambda row: not row["has_source"], lambda _: "no source"),
    "lead_stuck": (
        lambda row: _is_open(row) and int(str(row["seconds_in_stage"])) > DAYS_STUCK * 86400,
        lambda row: f"{row['stage_name']} since {row['entered_stage_date']}",
    ),
    "lead_owner_inactive": (
        lambda row: _is_open(row) and bool(row["is_owner_inactive"]),
        lambda row: str(row["owner_name"]),
    ),
    "lead_converted_without_deal": (
        lambda row: row["status"] == "won" and row["deal_count"] == 0,
        lambda _: "converted, no deal",
    ),
}
ACTIVITY_RULES: dict[str, tuple[Callable[[Row], bool], Callable[[Row], str]]] = {
    "record_value_unreadable": (
        lambda row: bool(row["unreadable"]),
        lambda row: str(row["unreadable"]),
    ),
}
RULES = (*DEAL_RULES, *LEAD_RULES, *ACTIVITY_RULES)


@cache
def _declared() -> dict[str, tuple[str, str]]:
    """Severity and title of each rule as shipped: texts, not rules."""
    return {rule.id: (rule.severity, rule.title.en) for rule in load_rules().rules}


def activity_conditions(activities: list[Row], connections: list[Connection]) -> list[Row]:
    """Activities with their texts that should be times or numbers; issues call every type an activity."""
    unreadable = {
        f"{connection.name}:{shown.record_type}:{shown.native_id}": "; ".join(sorted(shown.unreadable))
        for connection in connections
        for shown in connection.portal.captures[-1].activities.values()
    }
    return [
        row
        | {
            "record_type": "activity",
            "owner_key": row["employee_key"],
            "owner_name": row["employee_name"],
            "unreadable": unreadable[str(row["record_key"])],
        }
        for row in activities
    ]


def dq_issues(deals: list[Row], leads: list[Row], activities: list[Row]) -> list[Row]:
    """One row per rule and record, before anything was ever resolved; of rows of the conditions."""
    return [
        {
            "issue_key": f"{rule_id}:{row['record_key']}",
            "rule_id": rule_id,
            "severity": _declared()[rule_id][0],
            "record_type": row["record_type"],
            "record_key": row["record_key"],
            "record_name": row["title"],
            "record_url": row["record_url"],
            "connection": row["connection"],
            "owner_key": row["owner_key"],
            "owner_name": row["owner_name"],
            "detected_value": says(row),
            "money_at_risk": row.get("open_amount", Decimal(0)),
            "status": "open",
            "is_baseline": True,
        }
        for rules, rows in ((DEAL_RULES, deals), (LEAD_RULES, leads), (ACTIVITY_RULES, activities))
        for rule_id, (flags, says) in rules.items()
        for row in rows
        if flags(row)
    ]


def rpt_deals_needing_attention(
    issues: list[Row], deals: list[Row], connections: list[Connection], reporting: Reporting
) -> list[Row]:
    """Everything that is the matter with an open deal; the deal counts beside the gravest."""
    open_deals = {row["record_key"]: row for row in deals if _is_open(row)}
    days = {connection.name: reporting.day(connection.data_as_of) for connection in connections}
    gravest: dict[object, str] = {}
    for issue in sorted(issues, key=lambda row: (GRAVITY.index(str(row["severity"])), row["rule_id"])):
        gravest.setdefault(issue["record_key"], str(issue["rule_id"]))
    return [
        {name: open_deals[issue["record_key"]][name] for name in DEAL}
        | _cause(issue, days[str(issue["connection"])])
        | _measures(
            open_deals[issue["record_key"]], is_gravest=gravest[issue["record_key"]] == issue["rule_id"]
        )
        for issue in issues
        if issue["record_key"] in open_deals
    ]


def _cause(issue: Row, seen: date) -> Row:
    rule_id = str(issue["rule_id"])
    return {
        "cause": rule_id,
        "cause_title": _declared()[rule_id][1],
        "detected_value": issue["detected_value"],
        "severity": issue["severity"],
        "first_seen_date": seen,
        "days_seen": 0,
    }


def _measures(deal: Row, *, is_gravest: bool) -> Row:
    return {
        "is_gravest": is_gravest,
        "issue_count": 1,
        "deal_count": int(is_gravest),
        "amount_at_risk": deal["open_amount"] if is_gravest else Decimal(0),
    }
