"""What the night adds to a cycle: all data tests, reconciliation of portals of any size, a compact lake."""

from typing import Any

import dagster as dg

from orchestration.assets.extraction import RUNS
from orchestration.assets.models import served_keys
from orchestration.assets.problems import told
from orchestration.assets.publication import DATA_TESTS, KEY
from orchestration.assets.tables import markdown_table
from orchestration.cycle import Cycle
from orchestration.lake_care.care import compact
from orchestration.publication import SERVED_SCHEMAS
from orchestration.reconciling import reconcile_cycle, refuse_defects

GROUP = "nightly"
RECONCILIATION, COMPACTION = dg.AssetKey([GROUP, "reconciliation"]), dg.AssetKey([GROUP, "compaction"])
KEYS = [DATA_TESTS, RECONCILIATION, COMPACTION]


def nightly_assets(cycle: Cycle, manifest: dict[str, Any]) -> list[dg.AssetsDefinition]:
    """The assets of the nightly job alone."""
    return [_data_tests(cycle, manifest), _reconciliation(cycle), _compaction(cycle)]


def _data_tests(cycle: Cycle, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    @dg.asset(
        key=DATA_TESTS,
        deps=served_keys(manifest, SERVED_SCHEMAS),
        description="Every data test of the project; in the hours between only those of what was built."
        " One that fails stops publication.",
        group_name="tests",  # a group of what comes before and after publication would lie across the graph
        kinds={"dbt"},
    )
    def data_tests(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        with told(cycle, context):
            results = cycle.test_everything()
        statuses = [result.status for result in results]
        return dg.MaterializeResult(
            metadata={
                "tests_passed": statuses.count("pass"),
                "warnings": statuses.count("warn"),
                "seconds": round(sum(result.seconds for result in results), 3),
            }
        )

    return data_tests


def _reconciliation(cycle: Cycle) -> dg.AssetsDefinition:
    @dg.asset(
        key=RECONCILIATION,
        deps=[KEY],
        description="Published deals and leads beside those that the CRMs show now, of portals of any size."
        " A difference that time does not explain fails it.",
        group_name=GROUP,
        kinds={"duckdb"},
    )
    def reconciliation(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        with told(cycle, context):
            reconciled = reconcile_cycle(cycle)
            refuse_defects(reconciled)
        rows = [
            {"connection": name, "entity": entity, "here": result.held_count, "found": str(result)}
            for (name, entity), result in sorted(reconciled.results.items())
        ]
        return dg.MaterializeResult(metadata={"connections": markdown_table(rows)})

    return reconciliation


def _compaction(cycle: Cycle) -> dg.AssetsDefinition:
    @dg.asset(
        key=COMPACTION,
        deps=[RUNS],
        description="Closed days of the lake in few files; finished packages, old runs and logs removed.",
        group_name=GROUP,
        kinds={"parquet"},
        op_tags={"dagster/priority": "-5"},  # after publication, refused or not
    )
    def compaction(context: dg.AssetExecutionContext) -> dg.MaterializeResult[None]:
        with told(cycle, context):
            care = compact(cycle.places, cycle.watcher)
        return dg.MaterializeResult(
            metadata={
                "files_before": care.compacted.files_before,
                "files_after": care.compacted.files_after,
                "bytes_freed": care.freed,
                "seconds": round(care.seconds, 3),
            }
        )

    return compaction
