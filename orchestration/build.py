"""The build step: what is new, dbt over it, and the record of what is inside now."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from extract.core import locks
from orchestration import build_record, dbt, failed_tests, inputs

if TYPE_CHECKING:
    from orchestration.build_record import BuildRecord, Plan
    from orchestration.places import Places
    from orchestration.watching import Watcher

SERVED = "serving"


@dataclass(frozen=True)
class BuildOutcome:
    """What a build step did."""

    results: list[dbt.NodeResult] = field(default_factory=list)
    awaits_publication: bool = False


def plan_of(places: Places, *, is_full_refresh: bool) -> Plan:
    """What a build step would do now."""
    return build_record.plan_build(
        build_record.read_record(places),
        inputs.read_inputs(places),
        has_warehouse=places.warehouse.exists() and places.next_database.exists(),
        is_full_refresh=is_full_refresh,
    )


def build(
    places: Places, manifest: dict[str, Any], watcher: Watcher, *, is_full_refresh: bool
) -> BuildOutcome:
    """Build what is new. When nothing is, dbt does not start; an unpublished build still waits."""
    with locks.hold(places.locks, [locks.WAREHOUSE]):
        plan = plan_of(places, is_full_refresh=is_full_refresh)
        if plan.is_nothing:
            return BuildOutcome(awaits_publication=build_record.read_record(places).awaits_publication)
        watcher.step("Building the marts")
        now = inputs.read_inputs(places)
        moments = inputs.data_as_of(places)
        build_record.record_start(places, plan)
        if plan.is_full_refresh:
            remove_databases(places)
        results = dbt.run_build(places, plan, watcher.built)
        for warning in failed_tests.warnings(places, results, manifest):
            watcher.warn(warning)
        record = build_record.read_record(places)
        made = build_record.Build(
            build_id=uuid.uuid4().hex[:12],
            inputs=now,
            live_rows=_live_rows(record),
            data_as_of={name: moment.isoformat() for name, moment in moments.items()},
        )
        touched = None if plan.is_full_refresh else _touched(results, manifest)
        build_record.record_success(places, made, touched)
        return BuildOutcome(results, awaits_publication=True)


def _live_rows(record: BuildRecord) -> dict[str, int]:
    before = record.built.live_rows if record.built else {}
    return {**before, **record.counted}


def _touched(results: list[dbt.NodeResult], manifest: dict[str, Any]) -> tuple[str, ...]:
    nodes = [manifest["nodes"][result.unique_id] for result in results if result.status in dbt.BUILT_STATUSES]
    return tuple(f"{node['schema']}.{node['alias']}" for node in nodes if node.get("database") == SERVED)


def remove_databases(places: Places) -> None:
    """Start from nothing; what readers see is a copy."""
    for database in (places.warehouse, places.next_database):
        for file in (database, database.with_name(f"{database.name}.wal")):
            file.unlink(missing_ok=True)
    shutil.rmtree(places.warehouse.with_name(f"{places.warehouse.name}.tmp"), ignore_errors=True)
