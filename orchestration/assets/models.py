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

from extract.core.lake import OWN
from extract.core.settings import CRMS
from orchestration.assets.beginning import is_nightly
from orchestration.assets.problems import told
from orchestration.cycle import Cycle
from orchestration.dbt import BUILT_STATUSES, NodeResult
from orchestration.places import PROJECT
from orchestration.relations import table_rows

QUALITY, MARTS = "data_quality", "marts"
Results = dict[str, NodeResult]


class Translator(DagsterDbtTranslator):  # type: ignore[misc]
    """How dbt's nodes are called and grouped; sources keep `[crm, entity]`, the keys of extraction."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """The layer, and inside it the CRM or the area of reports; rules apart from what is made of them."""
        layer, *folders = dbt_resource_props["fqn"][1:-1] or [f"{dbt_resource_props['resource_type']}s"]
        if layer == QUALITY:
            return "rules" if dbt_resource_props["name"].startswith("dq_") and folders else QUALITY
        is_divided = layer == MARTS or (folders and folders[0] in (*CRMS, OWN))
        return f"{layer}_{folders[0]}" if folders and is_divided else str(layer)

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """What the project says of it; the SQL is in its file."""
        return str(dbt_resource_props.get("description") or "")

    def get_metadata(self, dbt_resource_props: Mapping[str, Any]) -> Mapping[str, Any]:
        """Where to read on."""
        links = {"code": dg.MetadataValue.path(PROJECT / dbt_resource_props["original_file_path"])}
        rule = PROJECT / "docs" / "rules" / f"{dbt_resource_props['name'].removeprefix('dq_')}.md"
        if rule.exists():
            links["documentation"] = dg.MetadataValue.path(rule)
        return {**super().get_metadata(dbt_resource_props), **links}


def model_assets(cycle: Cycle, manifest: dict[str, Any]) -> dg.AssetsDefinition:
    """Every model and seed of the project."""
    translator = Translator(DagsterDbtTranslatorSettings(enable_asset_checks=False))

    @dbt_assets(manifest=manifest, dagster_dbt_translator=translator, name="models")  # type: ignore[untyped-decorator]
    def models(
        context: dg.AssetExecutionContext,
    ) -> Iterator[dg.MaterializeResult[None]]:
        with told(cycle, context):
            outcome = cycle.build(manifest)
        if not outcome.awaits_publication:
            context.log.info("Nothing new landed: nothing is built.")
            if not is_nightly(context):
                return
        results = {result.unique_id: result for result in outcome.results}
        rows = table_rows(cycle.places) if results else {}
        yield from _materializations(context, manifest, translator, results, rows)

    definition: dg.AssetsDefinition = models
    return definition


def served_keys(manifest: Mapping[str, Any], schemas: tuple[str, ...]) -> list[dg.AssetKey]:
    """The models that publication serves."""
    translator = Translator()
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return [translator.get_asset_key(node) for node in nodes if node["schema"] in schemas]


def _materializations(
    context: dg.AssetExecutionContext,
    manifest: Mapping[str, Any],
    translator: Translator,
    results: Results,
    rows: Mapping[str, int],
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
            count = rows.get(f"{node['schema']}.{node['alias']}")
            metadata = _metadata(results.get(unique_id), tests[unique_id], count)
            yield dg.MaterializeResult(asset_key=key, metadata=metadata)


def _metadata(result: NodeResult | None, tests: int, rows: int | None) -> dict[str, Any]:
    if result is None:
        return {"is_rebuilt": False}
    told = {
        "is_rebuilt": result.status in BUILT_STATUSES,
        "seconds": round(result.seconds, 3),
        "tests_passed": tests,
    }
    return told if rows is None else {"rows": rows} | told


def _tests_per_model(manifest: Mapping[str, Any], results: Results) -> Counter[str]:
    tests = (manifest["nodes"].get(name, {}) for name, result in results.items() if result.status == "pass")
    return Counter(test["attached_node"] for test in tests if test.get("attached_node"))
