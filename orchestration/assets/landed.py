"""The checkpoint on what was landed, as checks of the entities; an error stops the build."""

from collections.abc import Iterator, Sequence

import dagster as dg

from orchestration.assets.extraction import entity_keys
from orchestration.assets.problems import told
from orchestration.audit import Finding, refuse_failures
from orchestration.cycle import Cycle

CHECKS = {
    "freshness": "Every connection was read completely not long ago.",
    "volume": "No connection lost an unlikely share of its live rows.",
}


def landed_checks(cycle: Cycle) -> dg.AssetChecksDefinition:
    """One freshness and one volume check per entity, from one checkpoint."""
    specs = [
        dg.AssetCheckSpec(name, asset=key, description=text, blocking=True)
        for key in entity_keys()
        for name, text in CHECKS.items()
    ]

    @dg.multi_asset_check(name="landed", specs=specs, can_subset=True)
    def landed(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        with told(cycle):
            findings = cycle.check_landed()
        for key in sorted(context.selected_asset_check_keys, key=lambda item: item.to_user_string()):
            yield _result(key, findings)
        with told(cycle):
            refuse_failures(findings, "what was landed")

    return landed


def _result(key: dg.AssetCheckKey, findings: Sequence[Finding]) -> dg.AssetCheckResult:
    crm, entity = key.asset_key.path
    mine = [finding for finding in findings if finding.name == key.name]
    rows = [
        row
        for finding in mine
        for row in finding.rows
        if (row.get("crm"), row.get("entity")) == (crm, entity)
    ]
    is_error = any(finding.stops_publication for finding in mine)
    return dg.AssetCheckResult(
        passed=not rows and not any(finding.error for finding in mine),
        asset_key=key.asset_key,
        check_name=key.name,
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        metadata={
            "unexpected": dg.MetadataValue.json(
                [{name: str(value) for name, value in row.items()} for row in rows]
            )
        },
    )
