"""The share of records that a rule flags in what is about to be published, against its threshold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from quality.expectation import Expectation

if TYPE_CHECKING:
    from pathlib import Path

    from quality.thresholds import RuleShares

EXAMPLES = 20
NEEDED = {"dq_rules", "dq_issues"}
_QUERY = f"""select
        rules.rule_id,
        rules.connection,
        rules.flagged_count,
        rules.record_count,
        rules.threshold,
        open_issues.record_keys
    from data_quality.dq_rules as rules
    left join (
        select rule_id, connection, min(record_key, {EXAMPLES}) as record_keys
        from data_quality.dq_issues
        where status <> 'resolved'
        group by rule_id, connection
    ) as open_issues
        on rules.rule_id = open_issues.rule_id and rules.connection = open_issues.connection
    where rules.is_enabled and rules.threshold is not null
"""  # noqa: S608


def expectation(limits: RuleShares, candidate: Path) -> Expectation | None:
    """No rule flags a larger share of a connection's records than it may; None where nothing holds rules."""
    with duckdb.connect(str(candidate), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables"
            " where table_catalog = current_database() and table_schema = 'data_quality'"
        ).fetchall()
    if not {name for (name,) in tables} >= NEEDED:
        return None
    return Expectation(
        "rule_shares",
        limits.severity,
        _QUERY,
        # Of few records one is a large share.
        f"record_count >= {limits.smallest_table} and flagged_count > record_count * threshold",
        "No rule flags a larger share of records than its threshold in rules.yml.",
    )
