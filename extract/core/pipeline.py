"""The dlt pipeline of one connection: pages and state go to the lake in one commit."""

from __future__ import annotations

import os
import shutil
import threading
from typing import TYPE_CHECKING, Any

# Two dlt runs in threads can crash on the first import of pandas, so it comes before dlt.
import pandas  # type: ignore[import-untyped]  # noqa: F401, ICN001  # isort: skip
import dlt
from dlt.pipeline.exceptions import PipelineStepFailed

from extract.core.errors import LakeError
from extract.core.files import private_folder, use_atomic_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from extract.core.lake import Lake
    from extract.core.settings import Connection

NAIVE = {
    "modified_at": {"data_type": "timestamp", "timezone": False},
    "extracted_at": {"data_type": "timestamp", "timezone": False},
}
_configured = threading.Lock()


def _configure() -> None:
    with _configured:
        # In the environment: the first use of dlt.config starts telemetry, if nothing there forbids it.
        os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "CRITICAL"}  # noqa: TID251
        use_atomic_files()
        dlt.config["normalize.parquet_normalizer.add_dlt_load_id"] = True
        # The rows are in the lake; a second copy would only take room, and keep persons who are forgotten.
        dlt.config["load.delete_completed_jobs"] = True


class Landing:
    """Commits pages of one connection; use it from the thread that made it."""

    def __init__(self, connection: Connection, lake: Lake) -> None:
        _configure()
        self._connection, self._lake = connection, lake
        folder = private_folder(lake.home / "dlt")
        private_folder(lake.root)
        if not (folder / connection.name / "state.json").exists():
            shutil.rmtree(folder / connection.name, ignore_errors=True)
            self._forget_uncommitted_states()
        self._pipeline = dlt.pipeline(
            connection.name,
            pipelines_dir=str(folder),
            destination=dlt.destinations.filesystem(
                bucket_url=lake.root.resolve().as_uri(),
                layout="{table_name}/" + connection.name + ".{load_id}.{file_id}.{ext}",
            ),
            dataset_name=connection.crm,
        )
        self._finish_interrupted()

    def _finish_interrupted(self) -> None:
        """Complete what a killed run extracted but did not load; else take up the state from the lake."""
        if self._pipeline.has_pending_data:
            self._run(None)
        if self._pipeline.first_run:
            self._pipeline.sync_destination()

    def _forget_uncommitted_states(self) -> None:
        """dlt writes the state before it commits the load: a state without its load would skip its rows."""
        committed = self._lake.committed_loads(self._connection.crm)
        folder = self._lake.root / self._connection.crm / "_dlt_pipeline_state"
        for path in folder.glob(f"{self._connection.name}__*.jsonl"):
            name, load_id, _ = path.stem.rsplit("__", 2)
            if name == self._connection.name and (name, load_id) not in committed:
                path.unlink()

    def state(self, entity: str) -> dict[str, Any]:
        """What the last committed step of the entity's stream left behind."""
        sources = self._pipeline.state.get("sources", {})
        resources = sources.get(self._connection.name, {}).get("resources", {})
        return dict(resources.get(entity, {}))

    def commit(self, pages: dict[str, pa.Table], states: dict[str, dict[str, Any]]) -> None:
        """Land pages and states: both exist afterwards, or neither."""
        entities = sorted(pages.keys() | states.keys())
        self._run([_resource(entity, pages.get(entity), states.get(entity)) for entity in entities])

    def _run(self, resources: list[Any] | None) -> None:
        problem = ""
        try:
            self._pipeline.run(resources, loader_file_format="parquet")
        except PipelineStepFailed as error:
            problem = f"{error.step}: {type(error.exception).__name__}"
        if problem:
            raise LakeError(
                f"the pages could not be landed ({problem}).",
                f"connection {self._connection.name!r}",
                f"Check free space and rights of {self._lake.home}; the next run resumes.",
            )


def _resource(entity: str, page: pa.Table | None, state: dict[str, Any] | None) -> Any:
    def rows() -> Iterator[Any]:
        if state is not None:
            kept = dlt.current.resource_state()
            kept.clear()
            kept.update(state)
        if page is not None:
            yield page

    return dlt.resource(rows, name=entity, write_disposition="append", columns=NAIVE)
