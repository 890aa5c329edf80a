"""All assets of one home as Dagster definitions: the cycle by the hour, a thorough one by night, sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from extract.core.files import private_folder
from orchestration import dbt
from orchestration.assets.alerts import alerts_asset
from orchestration.assets.beginning import JOB, NIGHTLY
from orchestration.assets.extraction import extraction_assets, kept_beside
from orchestration.assets.landed import landed_checks
from orchestration.assets.models import model_assets
from orchestration.assets.nightly import KEYS, nightly_assets
from orchestration.assets.publication import publication_asset
from orchestration.schedules import make_schedules
from orchestration.sensors import make_sensors

if TYPE_CHECKING:
    from orchestration.cycle import Cycle
    from orchestration.places import Places

# Every run needs the warehouse: one at a time, the others wait in the queue, those from terminals counted in.
# Ticks are kept as long as a person looks back; a skipped one says nothing after a day.
_INSTANCE = """\
# Written by Dealhouse at every start.
telemetry:
  enabled: false
nux:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
retention:
  schedule:
    purge_after_days: {skipped: 7, failure: 30, success: 30}
  sensor:
    purge_after_days: {skipped: 1, failure: 30, success: 30}
"""
# Every event of a run is in the UI; the log is for what went wrong.
_WARNINGS = {"loggers": {"console": {"config": {"log_level": "WARNING"}}}}


def make_definitions(cycle: Cycle) -> dg.Definitions:
    """Definitions that act on the home of `cycle`; making them needs no credentials, network or clock."""
    manifest = dbt.manifest(cycle.places)
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all() - dg.AssetSelection.assets(*KEYS),
        config=_WARNINGS,
        description="One cycle: extract, check what landed, build, check, publish; only what is new.",
    )
    nightly = dg.define_asset_job(
        NIGHTLY,
        selection=dg.AssetSelection.all(),
        config=_WARNINGS,
        description="A cycle that also sweeps all ids for deletes, runs every data test, reconciles portals"
        " of any size and compacts the lake.",
    )
    return dg.Definitions(
        assets=[
            *extraction_assets(cycle),
            model_assets(cycle, manifest),
            publication_asset(cycle, manifest),
            alerts_asset(cycle),
            *nightly_assets(cycle, manifest),
            *kept_beside(),
        ],
        asset_checks=[landed_checks(cycle, manifest)],
        jobs=[job, nightly],
        schedules=make_schedules(cycle.places, job, nightly),
        sensors=make_sensors(cycle.places),
        # A process per step would import everything anew in each, and could not share the checks' process.
        executor=dg.in_process_executor,
    )


def instance_of(places: Places) -> dg.DagsterInstance:
    """Dagster's instance inside the home, telemetry off."""
    folder = private_folder(places.dagster)
    settings = folder / "dagster.yaml"
    if not settings.exists() or settings.read_text(encoding="utf-8") != _INSTANCE:
        part = settings.with_name(f"{settings.name}.part")
        part.write_text(_INSTANCE, encoding="utf-8")
        part.replace(settings)
    return dg.DagsterInstance.from_config(str(folder))
