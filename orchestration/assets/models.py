"""Models as assets, built by the one build step.

Their tests are no checks of Dagster's: each would cost it some 20 ms in every run, whether it is run or not;
a thousand of them more than a build. A test that fails stops the build step, which names it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings, dbt_assets

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


def model_assets(cycle: Cycle, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """Every model and seed of the project."""
    translator = Translator(DagsterDbtTranslatorSettings(enable_asset_checks=False))

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="models")  # type: ignore[untyped-decorator]
    def models(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None]]:
        with told(cycle):
            outcome = cycle.build(manifest)
        if not outcome.awaits_publication:
            context.log.info("Nothing new landed: nothing is built.")
            return
        results = {result.unique_id: result for result in outcome.results}
        yield from _materializations(context, manifest, translator, results)

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
    tests = _tests_per_model(manifest, results)
    parents = {name: manifest["parent_map"][name] for name in manifest["nodes"]}
    for unique_id in TopologicalSorter(parents).static_order():
        node = manifest["nodes"].get(unique_id)
        if node is None or node["resource_type"] not in {"model", "seed", "snapshot"}:
            continue
        key = translator.get_asset_key(node)
        if key in context.selected_asset_keys:
            metadata = _metadata(results.get(unique_id), tests[unique_id])
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)


def _metadata(result: NodeResult | None, tests: int) -> dict[str, Any]:
    if result is None:
        return {"is_rebuilt": False}
    return {
        "is_rebuilt": result.status in BUILT_STATUSES,
        "seconds": round(result.seconds, 3),
        "tests_passed": tests,
    }


def _tests_per_model(manifest: Mapping[str, Any], results: Results) -> Counter[str]:
    tests = (manifest["nodes"].get(name, {}) for name, result in results.items() if result.status == "pass")
    return Counter(test["attached_node"] for test in tests if test.get("attached_node"))
