"""The scores of cleanliness are what anybody counts who goes through the issues."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.oracle.inputs import Row
    from tests.truth.conftest import Truth

RECORDS = {"fct_deals": "deal_key", "fct_leads": "lead_key", "dim_contacts": "contact_key"}
Group = tuple[object, object, object]


def test_the_first_week_is_counted_from_records_and_open_issues(truth: Truth) -> None:
    warehouse = truth.incremental
    groups: dict[object, Group] = {}
    for model, key in RECORDS.items():
        for row in warehouse.rows(model):
            groups[row[key]] = (row["connection"], row["owner_key"], row["source_key"])
    expected: dict[Group, Counter[str]] = {group: Counter() for group in groups.values()}
    for group in groups.values():
        expected[group]["record_count"] += 1
    dirty: dict[object, Decimal] = {}
    for issue in warehouse.rows("dq_issues"):
        if issue["record_key"] in groups and issue["status"] != "resolved":
            found = expected[groups[issue["record_key"]]]
            found[f"{issue['severity']}_count"] += 1
            found["new_issue_count"] += 1
            at_risk = Decimal(str(issue["money_at_risk"]))
            dirty[issue["record_key"]] = max(at_risk, dirty.get(issue["record_key"], at_risk))
    clean = Counter(group for key, group in groups.items() if key not in dirty)
    amounts: dict[Group, Decimal] = {}
    for record, money in dirty.items():
        amounts[groups[record]] = amounts.get(groups[record], Decimal(0)) + money
    rows = warehouse.rows("rpt_crm_cleanliness")
    scored = {(row["connection"], row["employee_key"], row["source_key"]): row for row in rows}
    assert len(scored) == len(rows), "more than one week, though no transition has landed"
    assert scored.keys() == expected.keys()
    for group, counts in expected.items():
        assert_score(scored[group], counts, clean[group], amounts.get(group, Decimal(0)))


def assert_score(row: Row, counts: Counter[str], clean_count: int, money: Decimal) -> None:
    names = ("record_count", "new_issue_count", "error_count", "warning_count", "info_count")
    assert {name: row[name] for name in names} == {name: counts[name] for name in names}, row
    assert (row["clean_record_count"], row["resolved_issue_count"]) == (clean_count, 0), row
    assert row["money_at_risk"] == money, row


def test_the_week_is_that_of_the_data(truth: Truth) -> None:
    with truth.incremental.connect() as connection:
        days = dict(
            connection.execute(
                "select connection, data_as_of_date from warehouse.conformed.int_data_as_of"
            ).fetchall()
        )
    for row in truth.incremental.rows("rpt_crm_cleanliness"):
        day = days[row["connection"]]
        assert row["week_start_date"] == day - timedelta(days=day.weekday())
