"""Landed records: one multi-asset per CRM, an asset per entity, connections as threads inside one op."""

from collections.abc import Iterator, Sequence

import dagster as dg

from extract.core.cycle import EntityRun
from extract.core.settings import CRMS
from orchestration.assets.problems import told
from orchestration.cycle import Cycle
from orchestration.extraction import Extracted, source_of

OWN = "dealhouse"
SETTINGS = [dg.AssetKey([OWN, "connections"]), dg.AssetKey([OWN, "reporting"])]
RUNS = dg.AssetKey([OWN, "extraction_runs"])
COMPLETE = "complete"


def entity_keys() -> list[dg.AssetKey]:
    """The keys of every entity of every CRM, equal to the names of the dbt sources."""
    return [dg.AssetKey([crm, entity.name]) for crm in CRMS for entity in source_of(crm).entities]


def extraction_assets(cycle: Cycle) -> list[dg.AssetsDefinition]:
    """Settings, then the entities of every CRM, then the log of what was read."""
    return [_settings(cycle), *(_entities(cycle, crm) for crm in CRMS), _runs(cycle)]


def _settings(cycle: Cycle) -> dg.AssetsDefinition:
    texts = ("Connections, validated and without secrets.", "Reporting currency, zone and calendar.")
    specs = [
        dg.AssetSpec(key, description=text, group_name="settings", kinds={"parquet"})
        for key, text in zip(SETTINGS, texts, strict=True)
    ]

    @dg.multi_asset(name="settings", specs=specs)
    def land_settings() -> Iterator[dg.MaterializeResult[None]]:
        with told(cycle):
            cycle.land_settings()
        for key in SETTINGS:
            yield dg.MaterializeResult(asset_key=key)

    return land_settings


def _entities(cycle: Cycle, crm: str) -> dg.AssetsDefinition:
    entities = source_of(crm).entities
    specs = [
        dg.AssetSpec(
            [crm, entity.name],
            deps=SETTINGS,
            description=f"Captured versions of {entity.name} ({entity.kind.value}), as {crm} gives them.",
            group_name=crm,
            kinds={"parquet", "dlt"},
        )
        for entity in entities
    ]
    checks = [
        dg.AssetCheckSpec(
            COMPLETE, asset=spec.key, description="Every connection gave all that was asked for."
        )
        for spec in specs
    ]

    @dg.multi_asset(name=f"extract_{crm}", specs=specs, check_specs=checks, can_subset=True)
    def extract(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        with told(cycle):
            extracted = cycle.extract(crm)
        for key in sorted(context.selected_asset_keys):
            runs = [run for run in extracted.runs if run.entity == key.path[1]]
            check = _completeness(key, runs, extracted)
            yield dg.MaterializeResult(asset_key=key, metadata=run_metadata(runs), check_results=[check])

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
        group_name="settings",
        kinds={"parquet"},
    )
    def extraction_runs() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata=run_metadata(cycle.extracted.runs))

    return extraction_runs
