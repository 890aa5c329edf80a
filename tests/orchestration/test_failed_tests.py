"""What is told of dbt nodes that failed: keys of the records a test is about, and what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb
import pytest

from orchestration.dbt import NodeResult, failure
from orchestration.failed_tests import warnings

if TYPE_CHECKING:
    from orchestration.places import Places


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            "select title, record_key from serving.marts.fct_deals order by all",
            " (m:deal:1, m:deal:2, u:deal:3)",
        ),
        (
            "select deal_key as unique_field, count(*) as n from serving.marts.fct_deals group by all",
            " (m:deal:1, m:deal:2, u:deal:3)",
        ),
        ("select title from serving.marts.fct_deals", ""),
        ("select no_such_key from serving.marts.fct_deals", ""),
    ],
)
def test_a_failed_test_names_keys(published_home: Places, query: str, told: str) -> None:
    duckdb.connect(str(published_home.warehouse)).close()
    node = NodeResult("test.dealhouse.deals_are_right.1a2b", "fail", 0.1, "Got 3 results", 3, query)
    assert failure(published_home, [node], []).what == (
        f"The build failed. deals_are_right: Got 3 results{told}"
    )


def test_who_runs_out_of_memory_is_told_of_our_setting(published_home: Places) -> None:
    message = (
        "Out of Memory Error: failed to pin (3.7 GiB/3.7 GiB used)\n\nPossible solutions:\n* SET threads"
    )
    error = failure(
        published_home, [NodeResult("model.dealhouse.fct_deals", "error", 0.1, message, None)], []
    )
    assert error.what.endswith("(3.7 GiB/3.7 GiB used)")
    assert "DEALHOUSE_MEMORY_LIMIT" in error.next_step


def test_a_model_that_failed_is_not_asked_again(published_home: Places) -> None:
    duckdb.connect(str(published_home.warehouse)).close()
    query = "select record_key from serving.marts.fct_deals"
    node = NodeResult("model.dealhouse.fct_deals", "error", 0.1, "Out of memory", None, query)
    assert failure(published_home, [node], []).what == "The build failed. fct_deals: Out of memory"


def test_a_warning_says_what_to_do_and_where(published_home: Places) -> None:
    duckdb.connect(str(published_home.warehouse)).close()
    query = "select record_key from serving.marts.fct_deals"
    name = "test.dealhouse.deals_look_right.1a2b"
    results = [
        NodeResult(name, "warn", 0.1, "Got 4 results", 4, query),
        NodeResult(name, "pass", 0.1, None, 0, query),
    ]
    manifest = {"nodes": {name: {"description": "Look at these deals."}}}
    assert list(warnings(published_home, results, manifest)) == [
        "Look at these deals. Found: m:deal:1, m:deal:2, u:deal:3, ..."
    ]
