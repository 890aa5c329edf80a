"""The checkpoint on what was landed, as checks of the entities; an error stops the build."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from orchestration.assets.extraction import entity_keys
from orchestration.assets.problems import told
from orchestration.assets.tables import json_rows
from orchestration.audit import Finding, refuse_failures
from orchestration.cycle import Cycle
from orchestration.extraction import source_of

CHECKS = {
    "freshness": "Every connection was read completely not long ago.",
    "volume": "No connection lost an unlikely share of its live rows.",
    "schema_drift": "Payloads have the keys and types they had; an error where models read one that is gone.",
}
RECONCILIATION = "reconciliation"
_RECONCILED = "What the CRM shows is landed, as it is there."
# Two expectations of different severity make one check: each check costs every run its time.
_EXPECTATIONS = {"contract_keys": "schema_drift"}


def landed_checks(cycle: Cycle, manifest: dict[str, Any]) -> dg.AssetChecksDefinition:
    """Checks of every entity, from one checkpoint; one more of those that a census counts."""
    specs = [
        dg.AssetCheckSpec(name, asset=key, description=text, blocking=True)
        for key in entity_keys()
        for name, text in (CHECKS | ({RECONCILIATION: _RECONCILED} if _has_census(*key.path) else {})).items()
    ]

    @dg.multi_asset_check(
        name="landed",
        specs=specs,
        can_subset=True,
        description="Great Expectations on what was landed: a failed one of severity error stops the build.",
    )
    def landed(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        with told(cycle, context):
            findings = cycle.check_landed(manifest)
        for key in sorted(context.selected_asset_check_keys, key=lambda item: item.to_user_string()):
            yield _result(key, findings)
        with told(cycle, context):
            refuse_failures(findings, "what was landed")

    return landed


def _has_census(crm: str, entity: str) -> bool:
    return any(census.table == entity for census in source_of(crm).censuses)


def _result(key: dg.AssetCheckKey, findings: Sequence[Finding]) -> dg.AssetCheckResult:
    crm, entity = key.asset_key.path
    mine = [
        (finding, [row for row in finding.rows if (row.get("crm"), row.get("entity")) == (crm, entity)])
        for finding in findings
        if _EXPECTATIONS.get(finding.name, finding.name) == key.name
    ]
    failed = [(finding, rows) for finding, rows in mine if rows or finding.error]
    is_error = any(finding.stops_publication for finding, _ in failed)
    return dg.AssetCheckResult(
        passed=not failed,
        asset_key=key.asset_key,
        check_name=key.name,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        description="; ".join(finding.error or finding.description for finding, _ in failed) or None,
        metadata={"unexpected": json_rows([row for _, rows in failed for row in rows])} if failed else {},
    )
