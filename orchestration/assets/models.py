"""Models and their tests as assets and checks, built by the one build step."""

from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, dbt_assets
from dagster_dbt.asset_utils import get_asset_check_key_for_test

from orchestration.assets.problems import told
from orchestration.cycle import Cycle
from orchestration.dbt import BUILT_STATUSES, NodeResult

Results = dict[str, NodeResult]


class Translator(DagsterDbtTranslator):  # type: ignore[misc]
    """How dbt's nodes are called and grouped; sources keep `[crm, entity]`, the keys of extraction."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer, and inside the marts the area."""
        folders = dbt_resource_props["fqn"][1:-1]
        return "_".join(folders) if folders else dbt_resource_props["resource_type"]

    def get_asset_check_spec(self, *args: Any, **kwargs: Any) -> dg.AssetCheckSpec | None:
        """A test as a check. It blocks nothing by itself: the build step fails when one of severity error does."""
        spec = super().get_asset_check_spec(*args, **kwargs)
        return spec._replace(blocking=False) if spec else None


def model_assets(cycle: Cycle, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """Every model and seed of the project."""
    translator = Translator()

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="models")  # type: ignore[untyped-decorator]
    def models(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        with told(cycle):
            outcome = cycle.build(manifest)
        if not outcome.awaits_publication:
            context.log.info("Nothing new landed: nothing is built.")
            return
        results = {result.unique_id: result for result in outcome.results}
        yield from _materializations(context, manifest, translator, results)
        yield from _test_results(context, manifest, translator, results)

    definition: dg.AssetsDefinition = models
    return definition


def served_keys(manifest: Mapping[str, Any], schemas: tuple[str, ...]) -> list[dg.AssetKey]:
    """The models that publication serves."""
    translator = Translator()
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return [translator.get_asset_key(node) for node in nodes if node["schema"] in schemas]


def _materializations(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], translator: Translator, results: Results
) -> Iterator[dg.MaterializeResult[None]]:
    """One per model: publication waits for all, and one that nothing new reached is up to date as it is."""
    parents = {name: manifest["parent_map"][name] for name in manifest["nodes"]}
    for unique_id in TopologicalSorter(parents).static_order():
        node = manifest["nodes"].get(unique_id)
        if node is None or node["resource_type"] not in {"model", "seed", "snapshot"}:
            continue
        key = translator.get_asset_key(node)
        result = results.get(unique_id)
        is_built = result is not None and result.status in BUILT_STATUSES
        metadata: dict[str, Any] = {"is_rebuilt": is_built}
        if result is not None:
            metadata["seconds"] = round(result.seconds, 3)
        if key in context.selected_asset_keys:
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)


def _test_results(
    context: dg.AssetExecutionContext, manifest: Mapping[str, Any], translator: Translator, results: Results
) -> Iterator[dg.AssetCheckResult]:
    for unique_id, result in results.items():
        key = get_asset_check_key_for_test(manifest, translator, unique_id, project=None)
        if key is not None and key in context.selected_asset_check_keys:
            yield dg.AssetCheckResult(
                passed=result.status == "pass",
                asset_key=key.asset_key,
                check_name=key.name,
                severity=dg.AssetCheckSeverity.WARN
                if result.status == "warn"
                else dg.AssetCheckSeverity.ERROR,
                metadata={"failures": result.failures or 0, "seconds": round(result.seconds, 3)},
            )
