"""A run that breaks: the step is named, its trace is in a log, nothing is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg
import pytest

from extract.core.errors import DealhouseError
from orchestration import cycle as cycles
from orchestration.cycle import Cycle
from orchestration.extraction import Extracted
from orchestration.job import instance_of
from orchestration.running import RunError, run_cycle

if TYPE_CHECKING:
    from orchestration.places import Places

SETTINGS = """
reporting: {currency: EUR, timezone: Europe/Berlin}
connections:
  - {name: us, crm: hubspot, url: "http://127.0.0.1:9", token: none}
"""


def test_an_asset_that_breaks_is_named_and_stops_what_follows(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def extract_crm(crm: str, *_arguments: object) -> None:
        raise ZeroDivisionError(f"nobody foresaw this in {crm}")

    monkeypatch.setattr(cycles, "extract_crm", extract_crm)
    settings = places.home / "connections.yml"
    settings.write_text(SETTINGS, encoding="utf-8")
    cycle = Cycle(places.home, settings_file=settings, is_one_process=True)
    with pytest.raises(RunError, match="The run failed in extract_") as broken:
        run_cycle(cycle)
    assert "The log says why" in str(broken.value)
    assert "nobody foresaw this in hubspot" in (places.logs / "run.log").read_text(encoding="utf-8")
    with instance_of(places) as instance:
        [run] = instance.get_runs()
        assert run.status == dg.DagsterRunStatus.FAILURE
        told = instance.get_run_step_stats(run.run_id)
    steps = {stats.step_key: stats.status.value for stats in told if stats.status}
    assert steps["extract_hubspot"] == "FAILURE"
    assert steps.get("models", "SKIPPED") == "SKIPPED"
    assert not places.served_database.exists()


def test_a_first_run_that_can_read_nothing_builds_nothing(
    places: Places, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def extract_crm(crm: str, *_arguments: object) -> Extracted:
        refused = DealhouseError("the token is not accepted.")
        return Extracted(failures={"us": refused} if crm == "hubspot" else {})

    monkeypatch.setattr(cycles, "extract_crm", extract_crm)
    settings = places.home / "connections.yml"
    settings.write_text(SETTINGS, encoding="utf-8")
    with pytest.raises(RunError, match="nothing was read before"):
        run_cycle(Cycle(places.home, settings_file=settings, is_one_process=True))
    assert "Not read: us: the token is not accepted." in capfd.readouterr().err
    assert not places.warehouse.exists()
