"""All assets of one home as Dagster definitions: one job, one hourly schedule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from extract.core.files import private_folder
from orchestration import dbt
from orchestration.assets.extraction import extraction_assets
from orchestration.assets.landed import landed_checks
from orchestration.assets.models import model_assets
from orchestration.assets.publication import publication_asset

if TYPE_CHECKING:
    from orchestration.cycle import Cycle
    from orchestration.places import Places

JOB = "cycle"
_INSTANCE = """\
# Written by Dealhouse at every start.
telemetry:
  enabled: false
"""


def make_definitions(cycle: Cycle) -> dg.Definitions:
    """Definitions that act on the home of `cycle`; making them needs no credentials, network or clock."""
    manifest = dbt.manifest(cycle.places)
    job = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        description="Extract, check, build, check, publish.",
        # A process per step would import everything anew in each, and could not share the checks' process.
        executor_def=dg.in_process_executor,
    )
    return dg.Definitions(
        assets=[
            *extraction_assets(cycle),
            model_assets(cycle, manifest),
            publication_asset(cycle, manifest),
        ],
        asset_checks=[landed_checks(cycle)],
        jobs=[job],
        schedules=[dg.ScheduleDefinition(name="hourly", job=job, cron_schedule="0 * * * *")],
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
