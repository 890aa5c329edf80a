"""Expectations run by Great Expectations over query assets of one DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import great_expectations as gx
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults

from quality.dialect import register

if TYPE_CHECKING:
    from pathlib import Path

    from quality.expectation import Expectation

SHOWN_ROWS = 1_000  # of all tables: each one's check shows its own


def run_checkpoint(
    name: str, database: Path, wanted: list[Expectation], docs: Path | None
) -> list[dict[str, Any]]:
    """Validate each expectation over its query; one result each, with the first unexpected rows."""
    register()
    context = gx.get_context(
        project_config=DataContextConfig(
            store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
            progress_bars={"globally": False},
            analytics_enabled=False,
        ),
        mode="ephemeral",
    )
    source = context.data_sources.add_sql(
        name=name,
        connection_string=f"duckdb+reader:///{database}",
        kwargs={"connect_args": {"read_only": True}},
    )
    definitions = [_validation(context, source, item) for item in wanted]
    if docs is not None:
        _add_site(context, docs / name)
    checkpoint = context.checkpoints.add(
        gx.Checkpoint(name=name, validation_definitions=definitions, result_format="COMPLETE")
    )
    outcome = checkpoint.run()
    if docs is not None:
        context.build_data_docs()
    by_suite = {result.suite_name: result for result in outcome.run_results.values()}
    return [_result(item, by_suite[item.name]) for item in wanted]


def _validation(context: Any, source: Any, item: Expectation) -> Any:
    batch = source.add_query_asset(name=item.name, query=item.query).add_batch_definition_whole_table(
        item.name
    )
    rule = gx.expectations.UnexpectedRowsExpectation(
        unexpected_rows_query=f"select * from {{batch}} where {item.unexpected}",  # noqa: S608
        description=item.description,
    )
    suite = context.suites.add(gx.ExpectationSuite(name=item.name, expectations=[rule]))
    return context.validation_definitions.add(
        gx.ValidationDefinition(name=item.name, data=batch, suite=suite)
    )


def _result(item: Expectation, validated: Any) -> dict[str, Any]:
    outcome = validated.results[0]
    raised = [info["exception_message"] for info in _exceptions(outcome.exception_info)]
    rows = (outcome.result or {}).get("details", {}).get("unexpected_rows") or []
    return {
        "name": item.name,
        "severity": item.severity,
        "description": item.description,
        "passed": bool(outcome.success),
        "error": raised[0] if raised else None,
        "rows": [dict(row) for row in rows[:SHOWN_ROWS]],
    }


def _exceptions(info: Any) -> list[dict[str, Any]]:
    """Exceptions of one result, which Great Expectations nests by metric."""
    if not info:
        return []
    found = [info] if "raised_exception" in info else list(info.values())
    return [item for item in found if item.get("raised_exception")]


def _add_site(context: Any, folder: Path) -> None:
    backend = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}
    config = {
        "class_name": "SiteBuilder",
        "store_backend": backend,
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
    }
    context.add_data_docs_site(site_name="edges", site_config=config)
