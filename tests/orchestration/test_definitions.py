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
print(json.dumps({
    "assets": {key.to_user_string(): sorted(parent.to_user_string() for parent in graph.get(key).parent_keys)
               for key in graph.get_all_asset_keys()},
    "made": sorted(key.to_user_string() for key in graph.materializable_asset_keys),
    "groups": sorted({graph.get(key).group_name for key in graph.get_all_asset_keys()}),
    "checks": sorted(f"{key.asset_key.to_user_string()}:{key.name}" for key in graph.asset_check_keys),
    "jobs": sorted(job.name for job in loaded.jobs),
    "schedules": [[schedule.name, schedule.cron_schedule] for schedule in loaded.schedules],
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


def test_one_job_and_one_hourly_schedule(loaded: dict[str, Any]) -> None:
    assert loaded["schedules"] == [["hourly", "0 * * * *"]]
    assert "cycle" in loaded["jobs"]


def test_every_source_of_dbt_is_made_by_extraction(loaded: dict[str, Any]) -> None:
    external = set(loaded["assets"]) - set(loaded["made"])
    assert external == set()
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
    assert {"bitrix24", "hubspot", "serving"} <= set(loaded["groups"])
    assert {"hubspot/deals:volume", "bitrix24/deals:freshness", "serving/publication:row_drop"} <= set(
        loaded["checks"]
    )
