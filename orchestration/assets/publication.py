"""The published version: audited, then swapped in, under one lock."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from orchestration import build_record, locks
from orchestration.assets.models import served_keys
from orchestration.assets.problems import told
from orchestration.audit import Finding, refuse_failures
from orchestration.cycle import Cycle
from orchestration.publication import SERVED_SCHEMAS

KEY = dg.AssetKey(["serving", "publication"])
CHECKS = {
    "row_drop": "No mart lost an unlikely share of its rows since the last published version.",
    "keys_not_null": "Every mart has its keys.",
}


def publication_asset(cycle: Cycle, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """What readers see: a DuckDB file and a folder of Parquet files behind one symlink."""
    checks = [dg.AssetCheckSpec(name, asset=KEY, description=text) for name, text in CHECKS.items()]

    @dg.asset(
        key=KEY,
        deps=served_keys(manifest, SERVED_SCHEMAS),
        check_specs=checks,
        description="The version that BI tools read.",
        group_name="serving",
        kinds={"duckdb", "parquet"},
        output_required=False,
    )
    def publication(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        with told(cycle), locks.hold(cycle.places.locks, [locks.WAREHOUSE]):
            if not build_record.read_record(cycle.places).awaits_publication:
                context.log.info("Another run has published this already, or is building anew.")
                return
            findings = cycle.check_candidate()
            yield from _results(findings)
            refuse_failures(findings, str(cycle.places.next_database))
            published = cycle.publish()
        yield dg.MaterializeResult(
            asset_key=KEY,
            metadata={
                "version": published.run_id,
                "tables": published.tables,
                "exported": published.exported,
                "linked": published.linked,
            },
        )

    return publication


def _results(findings: list[Finding]) -> Iterator[dg.AssetCheckResult]:
    by_name = {finding.name: finding for finding in findings}
    for name in CHECKS:
        finding = by_name.get(name)
        yield dg.AssetCheckResult(
            passed=finding is None or finding.passed,
            asset_key=KEY,
            check_name=name,
            severity=dg.AssetCheckSeverity.WARN
            if finding and not finding.stops_publication
            else dg.AssetCheckSeverity.ERROR,
            metadata={"finding": str(finding) if finding and not finding.passed else ""},
        )
