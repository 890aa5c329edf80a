"""What a kill, or the loss of the pipeline folder, costs."""

from __future__ import annotations

import multiprocessing
import shutil
import time
from typing import TYPE_CHECKING

import pytest

from extract.core import streams
from extract.core.lake import Lake
from tests.extract.portals import Tried, portal

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import World

ENTITIES = ["deals", "deal_stage_history"]


def _extract_slowly(tried: Tried) -> None:
    streams.CHUNK_ROWS = 100
    tried.cycle(entities=ENTITIES)


def test_a_killed_backfill_resumes_where_it_was_committed(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        remote = Tried(None, tried.connection, tmp_path)
        process = multiprocessing.get_context("spawn").Process(target=_extract_slowly, args=(remote,))
        process.start()
        deadline = time.monotonic() + 40
        while len(Lake(tmp_path).committed_loads("bitrix24")) < 2 and time.monotonic() < deadline:
            time.sleep(0.005)
        process.kill()
        process.join()
        kept = len(tried.landed("deal_stage_history"))
        assert kept
        runs = tried.cycle(entities=ENTITIES)
        truth = len(tried.running.portal.index.history)
        assert runs["deal_stage_history"].rows <= truth - kept
        history = tried.landed("deal_stage_history")
        assert len(history) == len({row["id"] for row in history}) == truth
        assert tried.present("deals") == tried.truth()


def test_a_lost_pipeline_folder_is_restored_from_the_lake(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=ENTITIES)
        requests = tried.running.counters.total_requests
        shutil.rmtree(tmp_path / "dlt")
        runs = tried.cycle(entities=ENTITIES)
        assert {run.rows for run in runs.values()} == {0}
        assert tried.running.counters.requests["crm.stagehistory.list"] <= 4
        assert tried.running.counters.total_requests - requests < 14


def test_a_state_whose_load_was_never_committed_is_forgotten(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=ENTITIES)
        for path in (tmp_path / "lake/bitrix24/_dlt_loads").iterdir():
            path.unlink()
        shutil.rmtree(tmp_path / "dlt")
        assert tried.landed("deals") == []
        tried.cycle(entities=ENTITIES)
        assert tried.present("deals") == tried.truth()


@pytest.mark.parametrize("crm", ["bitrix24", "hubspot"])
def test_chunks_of_any_size_give_the_same_lake(
    world: World, tmp_path: Path, crm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHUNK_ROWS", 60)
    with portal(world, crm, tmp_path) as tried:
        tried.cycle(entities=["deals"])
        assert tried.present("deals").keys() == tried.truth().keys()
        assert len(Lake(tmp_path).committed_loads(crm)) > 1
