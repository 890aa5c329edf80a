"""Every column of the reports and their facts is what the oracle says, however it was read and built."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.oracle.expected import KEYS
from tests.truth.compare import differences, report

if TYPE_CHECKING:
    from tests.truth.conftest import Moment, Truth


def check(moment: Moment, model: str) -> None:
    assert moment.oracle[model], "there is nothing to compare"
    assert model in moment.marts, "there is no such mart"
    found = differences(model, KEYS[model], moment.oracle[model], moment.marts[model])
    assert not found, report(found)


@pytest.mark.parametrize("model", KEYS)
def test_after_a_full_load_the_mart_equals_the_oracle(truth: Truth, model: str) -> None:
    check(truth.after_full_load, model)


@pytest.mark.parametrize("model", KEYS)
def test_after_days_of_changes_the_mart_equals_the_oracle(truth: Truth, model: str) -> None:
    check(truth.after_changes, model)


def test_incremental_equals_full_refresh_row_for_row(truth: Truth) -> None:
    incremental, rebuilt = truth.incremental.everything(), truth.rebuilt.everything()
    assert incremental.keys() == rebuilt.keys()
    differing = [
        f"{table}: only one of them has {[*(rows - rebuilt[table]), *(rebuilt[table] - rows)][:4]}"
        for table, rows in incremental.items()
        if rows != rebuilt[table]
    ]
    assert not differing, "\n".join(differing)


def test_clients_are_where_the_oracle_sees_them(truth: Truth) -> None:
    found = {
        row[f"{record_type}_key"]: (row["country"], row["region"], row["city"])
        for record_type, model in (("contact", "dim_contacts"), ("company", "dim_companies"))
        for row in truth.incremental.rows(model)
    }
    assert len({place for place in truth.places.values() if any(place)}) > 10
    assert found == truth.places


def test_the_waterfall_adds_up(truth: Truth) -> None:
    plus = ("opening", "created", "increased", "transferred_in", "reopened", "undeleted", "fx")
    minus = ("decreased", "transferred_out", "won", "lost", "deleted", "closing")
    for model in ("fct_pipeline_months", "rpt_pipeline_waterfall"):
        rows = truth.after_changes.marts[model]
        assert rows
        for row in rows:
            for measure in ("amount", "count"):
                came = [row[f"{name}_{measure}"] or 0 for name in plus if has_measure(name, measure)]
                went = [row[f"{name}_{measure}"] or 0 for name in minus if has_measure(name, measure)]
                assert sum(map(decimal, came)) == sum(map(decimal, went)), (model, measure, row)


def has_measure(name: str, measure: str) -> bool:
    """A change of an amount changes no count."""
    return measure == "amount" or name not in {"increased", "decreased", "fx"}


def decimal(value: object) -> Decimal:
    return Decimal(str(value))


def test_created_deals_are_won_lost_or_open(truth: Truth) -> None:
    totals: dict[object, Counter[str]] = defaultdict(Counter)
    for row in truth.after_changes.marts["fct_deals"]:
        for measure in ("deal_count", "open_count", "won_count", "lost_count"):
            totals[row["connection"]][measure] += int(str(row[measure]))
        parts = [Decimal(str(row[f"{kind}_amount"])) for kind in ("open", "won", "lost")]
        assert sum(parts) == (row["amount_converted"] or 0)
    assert len(totals) == 6
    for connection, total in totals.items():
        assert total["deal_count"] == total["open_count"] + total["won_count"] + total["lost_count"], (
            connection
        )


def test_stays_are_gapless_and_do_not_overlap(truth: Truth) -> None:
    stays = defaultdict(list)
    for row in truth.after_changes.marts["fct_stage_visits"]:
        stays[row["deal_key"]].append(row)
    for deal_key, rows in stays.items():
        rows.sort(key=lambda row: int(str(row["visit_number"])))
        assert [row["visit_number"] for row in rows] == list(range(1, len(rows) + 1)), deal_key
        assert [row["is_current"] for row in rows] == [False] * (len(rows) - 1) + [True], deal_key
        assert rows[-1]["exited_at"] is None, deal_key
        for before, after in pairwise(rows):
            assert before["exited_at"] == after["entered_at"], deal_key
            assert before["stage_key"] == after["from_stage_key"] != after["stage_key"], deal_key
