"""The published version: audited, then swapped in, under one lock."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from extract.core import locks
from orchestration import build_record
from orchestration.assets.beginning import is_nightly
from orchestration.assets.models import served_keys
from orchestration.assets.problems import told
from orchestration.assets.tables import json_rows, markdown_table
from orchestration.audit import Finding, refuse_failures
from orchestration.cycle import Cycle
from orchestration.publication import SERVED_SCHEMAS, Publication

KEY = dg.AssetKey(["serving", "publication"])
DATA_TESTS = dg.AssetKey(["nightly", "data_tests"])
CHECKS = {
    "row_drop": "No mart lost an unlikely share of its rows since the last published version.",
    "keys_not_null": "Every mart has its keys.",
    "rule_shares": "No rule of data quality flags a larger share of records than it may.",
}


def publication_asset(cycle: Cycle, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """What readers see: a DuckDB file and a folder of Parquet files behind one symlink."""
    checks = [dg.AssetCheckSpec(name, asset=KEY, description=text) for name, text in CHECKS.items()]

    @dg.asset(
        key=KEY,
        deps=[*served_keys(manifest, SERVED_SCHEMAS), DATA_TESTS],
        check_specs=checks,
        description="The version that BI tools read: audited, then swapped in at once."
        " When an audit of severity error fails, the last good version stays.",
        metadata={
            "database": dg.MetadataValue.path(cycle.places.served_database),
            "parquet": dg.MetadataValue.path(cycle.places.served_parquet),
            "checks": dg.MetadataValue.path(cycle.places.data_docs / "publication" / "index.html"),
        },
        group_name="serving",
        kinds={"duckdb", "parquet"},
        output_required=False,
    )
    def publication(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        with told(cycle, context), locks.hold(cycle.places.locks, [locks.WAREHOUSE]):
            if not build_record.read_record(cycle.places).awaits_publication:
                context.log.info("Nothing awaits publication: the published version is up to date.")
                if is_nightly(context) and cycle.places.current.exists():
                    yield from _results([])
                    yield dg.MaterializeResult(asset_key=KEY, metadata={"is_new": False})
                return
            findings = cycle.check_candidate()
            yield from _results(findings)
            refuse_failures(findings, str(cycle.places.next_database))
            published = cycle.publish()
        yield dg.MaterializeResult(asset_key=KEY, metadata=_metadata(cycle, published))

    return publication


def _metadata(cycle: Cycle, published: Publication) -> dict[str, Any]:
    record = build_record.read_record(cycle.places)
    moments = record.built.data_as_of if record.built else {}
    return {
        "is_new": True,
        "version": published.run_id,
        "tables": published.tables,
        "exported": published.exported,
        "linked": published.linked,
        "data_as_of": markdown_table(
            [{"connection": name, "data as of (UTC)": moment} for name, moment in sorted(moments.items())]
        ),
    }


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
            description=str(finding) if finding and not finding.passed else None,
            metadata={"unexpected": json_rows(finding.rows)} if finding and not finding.passed else {},
        )
