"""What Dagster loads: with no environment and no network, with lineage from API entity to publication."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from orchestration.places import PROJECT

LOAD = """
import json, socket, sys, time

def refuse(*_):
    raise AssertionError("definitions must not use the network")

socket.socket.connect = refuse
from orchestration.definitions import definitions

loaded = definitions.load_fn()
graph = loaded.resolve_asset_graph()

def assets_of(job):
    return sorted(key.to_user_string() for key in loaded.resolve_job_def(job).asset_layer.selected_asset_keys)

print(json.dumps({
    "assets": {key.to_user_string(): sorted(parent.to_user_string() for parent in graph.get(key).parent_keys)
               for key in graph.get_all_asset_keys()},
    "made": sorted(key.to_user_string() for key in graph.materializable_asset_keys),
    "groups": sorted({graph.get(key).group_name for key in graph.get_all_asset_keys()}),
    "checks": sorted(f"{key.asset_key.to_user_string()}:{key.name}" for key in graph.asset_check_keys),
    "undescribed": [str(key) for key in graph.get_all_asset_keys() if not graph.get(key).description],
    "jobs": {job.name: assets_of(job.name) for job in loaded.jobs},
    "schedules": [[item.name, item.cron_schedule, item.default_status.value] for item in loaded.schedules],
    "sensors": [[sensor.name, sensor.default_status.value] for sensor in loaded.sensors],
}))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The definitions as a process without any environment, in an empty folder, sees them."""
    folder = tmp_path_factory.mktemp("empty")
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=folder,
        env={"PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def ancestors(assets: dict[str, list[str]], key: str) -> set[str]:
    found, waiting = set(), [key]
    while waiting:
        for parent in assets.get(waiting.pop(), []):
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found


def test_a_job_by_the_hour_and_one_by_night_both_on(loaded: dict[str, Any]) -> None:
    assert loaded["schedules"] == [["hourly", "0 * * * *", "RUNNING"], ["nightly", "30 2 * * *", "RUNNING"]]
    assert loaded["sensors"] == [["failed_runs", "RUNNING"], ["stale_sources", "RUNNING"]]
    assert {"cycle", "nightly"} <= set(loaded["jobs"])


def test_only_the_nightly_job_tests_everything_reconciles_and_compacts(loaded: dict[str, Any]) -> None:
    nightly = {"nightly/data_tests", "nightly/reconciliation", "nightly/compaction"}
    assert set(loaded["jobs"]["nightly"]) - set(loaded["jobs"]["cycle"]) == nightly
    assert "nightly/data_tests" in loaded["assets"]["serving/publication"]


def test_every_asset_has_a_description(loaded: dict[str, Any]) -> None:
    assert loaded["undescribed"] == []


def test_every_source_of_dbt_is_made_by_extraction(loaded: dict[str, Any]) -> None:
    external = set(loaded["assets"]) - set(loaded["made"])
    assert external == {"dealhouse/dq_transitions", "dealhouse/dq_mutes"}
    assert {"bitrix24/deals", "hubspot/deal_property_history", "dealhouse/extraction_runs"} <= set(
        loaded["made"]
    )


@pytest.mark.parametrize(
    "report", ["rpt_deal_funnel", "rpt_stage_transitions", "rpt_employee_sales", "rpt_sales_trend"]
)
def test_lineage_leads_from_both_crms_to_every_report_and_on_to_publication(
    loaded: dict[str, Any], report: str
) -> None:
    [key] = [key for key in loaded["made"] if key.endswith(report)]
    assert {"bitrix24/deals", "hubspot/deals"} <= ancestors(loaded["assets"], key)
    assert key in loaded["assets"]["serving/publication"]


def test_assets_are_grouped_and_checked(loaded: dict[str, Any]) -> None:
    assert {"bitrix24", "hubspot", "marts_core", "rules", "serving", "nightly"} <= set(loaded["groups"])
    assert {
        "hubspot/deals:volume",
        "bitrix24/deals:freshness",
        "bitrix24/contacts:schema_drift",
        "hubspot/deals:reconciliation",
        "serving/publication:row_drop",
        "serving/publication:rule_shares",
    } <= set(loaded["checks"])
