"""Landed records: one multi-asset per CRM, an asset per entity, connections as threads inside one op."""

from collections.abc import Iterator, Sequence

import dagster as dg

from extract.core.cycle import EntityRun
from extract.core.settings import CRMS
from extract.core.source import Kind
from orchestration.assets.beginning import begin
from orchestration.assets.problems import PASSING, told, try_again
from orchestration.assets.tables import markdown_table
from orchestration.cycle import Cycle
from orchestration.extraction import Extracted, source_of

OWN = "dealhouse"
SETTINGS = {
    dg.AssetKey([OWN, "connections"]): "Connections, validated and without secrets.",
    dg.AssetKey([OWN, "reporting"]): "Reporting currency, zone and calendar.",
    dg.AssetKey([OWN, "dq_rules"]): "Rules of data quality as they hold for each connection.",
}
KEPT = {
    dg.AssetKey([OWN, "dq_transitions"]): "What appeared, changed hands or vanished in each published"
    " build; landed right before its publication, read by the next build.",
    dg.AssetKey([OWN, "dq_mutes"]): "Issues that people muted: dealhouse issues mute.",
}
RUNS = dg.AssetKey([OWN, "extraction_runs"])
COMPLETE = "complete"
_KINDS = {
    Kind.RECORD: "Every captured version of {}, append-only.",
    Kind.EVENT: "Every row of {}, which never changes.",
    Kind.OWNED_SET: "The whole set of {} of each record, captured when it changed.",
    Kind.DICTIONARY: "The dictionary of {}; what is missing in a snapshot is inactive since.",
}


def entity_keys() -> list[dg.AssetKey]:
    """The keys of every entity of every CRM, equal to the names of the dbt sources."""
    return [dg.AssetKey([crm, entity.name]) for crm in CRMS for entity in source_of(crm).entities]


def extraction_assets(cycle: Cycle) -> list[dg.AssetsDefinition]:
    """Settings, then the entities of every CRM, then the log of what was read."""
    return [_settings(cycle), *(_entities(cycle, crm) for crm in CRMS), _runs(cycle)]


def kept_beside() -> list[dg.AssetSpec]:
    """Tables of the lake that no step of a run makes."""
    return [
        dg.AssetSpec(key, description=text, group_name="settings", kinds={"parquet"})
        for key, text in KEPT.items()
    ]


def _settings(cycle: Cycle) -> dg.AssetsDefinition:
    specs = [
        dg.AssetSpec(key, description=text, group_name="settings", kinds={"parquet"})
        for key, text in SETTINGS.items()
    ]

    @dg.multi_asset(
        name="settings",
        specs=specs,
        description="Reads connections.yml and lands what SQL needs of it; a wrong setting ends the run.",
    )
    def land_settings(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        begin(cycle, context)
        with told(cycle, context):
            cycle.land_settings()
            names = [connection.name for connection in cycle.settings.connections]
        for key in SETTINGS:
            yield dg.MaterializeResult(asset_key=key, metadata={"connections": names})

    return land_settings


def _entities(cycle: Cycle, crm: str) -> dg.AssetsDefinition:
    entities = source_of(crm).entities
    specs = [
        dg.AssetSpec(
            [crm, entity.name],
            deps=list(SETTINGS),
            description=f"{_KINDS[entity.kind].format(entity.name.replace('_', ' '))} Read from {crm}.",
            group_name=crm,
            kinds={"parquet", "dlt"},
            metadata={
                "lake": dg.MetadataValue.path(cycle.places.lake / crm / entity.name),
                "checks": dg.MetadataValue.path(cycle.places.data_docs / "landed" / "index.html"),
            },
        )
        for entity in entities
    ]
    checks = [
        dg.AssetCheckSpec(
            COMPLETE, asset=spec.key, description="Every connection gave all that was asked for."
        )
        for spec in specs
    ]

    @dg.multi_asset(
        name=f"extract_{crm}",
        specs=specs,
        check_specs=checks,
        can_subset=True,
        description=f"Reads every {crm} connection at the same time, under its quota, and lands what is new."
        " A connection that fails for a passing reason is tried again; it stops no other.",
    )
    def extract(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        begin(cycle, context)
        with told(cycle, context):
            extracted = cycle.extract(crm)
        for error in extracted.failures.values():
            if isinstance(error, PASSING):
                try_again(cycle, context, error)
        for key in sorted(context.selected_asset_keys):
            runs = [run for run in extracted.runs if run.entity == key.path[1]]
            check = _completeness(key, runs, extracted)
            metadata = run_metadata(runs) | per_connection(runs)
            yield dg.MaterializeResult(asset_key=key, metadata=metadata, check_results=[check])

    return extract


def run_metadata(runs: Sequence[EntityRun]) -> dict[str, int | float]:
    """Rows, requests, seconds and the share of the quota that reading took, over all connections."""
    shares = [run.quota_share for run in runs if run.quota_share is not None]
    metadata: dict[str, int | float] = {
        "rows": sum(run.rows for run in runs),
        "requests": sum(run.requests for run in runs),
        "seconds": round(
            max(((run.completed_at - run.started_at).total_seconds() for run in runs), default=0), 3
        ),
    }
    return metadata | ({"quota_share": round(max(shares), 4)} if shares else {})


def per_connection(runs: Sequence[EntityRun]) -> dict[str, dg.MarkdownMetadataValue]:
    """The same of every connection, where there are several."""
    rows = [{"connection": run.connection} | run_metadata([run]) for run in runs]
    if len(rows) < 2:
        return {}
    names = list(dict.fromkeys(name for row in rows for name in row))
    return {"connections": markdown_table([{name: row.get(name) for name in names} for row in rows])}


def _completeness(key: dg.AssetKey, runs: Sequence[EntityRun], extracted: Extracted) -> dg.AssetCheckResult:
    gaps = {
        run.connection: run.error or "incomplete" for run in runs if run.is_required and not run.is_complete
    }
    gaps |= {name: str(error) for name, error in extracted.failures.items()}
    return dg.AssetCheckResult(passed=not gaps, asset_key=key, check_name=COMPLETE, metadata=dict(gaps))


def _runs(cycle: Cycle) -> dg.AssetsDefinition:
    @dg.asset(
        key=RUNS,
        deps=entity_keys(),
        description="One row per entity and run of extraction: when, how much, whether complete.",
        group_name="runs",
        kinds={"parquet"},
    )
    def extraction_runs() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata=run_metadata(cycle.extracted.runs))

    return extraction_runs
