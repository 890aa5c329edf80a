"""What the night adds to a cycle, each part as the asset that Dagster runs."""

from pathlib import Path

import dagster as dg
import pytest

from orchestration import reconciling
from orchestration.assets.beginning import JOB, NIGHTLY, begin
from orchestration.assets.nightly import COMPACTION, RECONCILIATION, nightly_assets
from orchestration.cycle import Cycle
from orchestration.places import Places
from tests.operations.small_lake import make_lake, parquet_files, seen
from tests.orchestration.company import Company, company

__all__ = ["company"]


def night(cycle: Cycle, key: dg.AssetKey) -> dg.ExecuteInProcessResult:
    """One of the night's assets alone."""
    [asset] = [asset for asset in nightly_assets(cycle, {"nodes": {}}) if key in asset.keys]
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize([asset], instance=instance, raise_on_error=False)


@pytest.mark.parametrize(("job", "is_thorough"), [(JOB, False), (NIGHTLY, True)])
def test_only_the_night_sweeps_what_is_swept_once_a_day(
    places: Places, job: str, *, is_thorough: bool
) -> None:
    cycle = Cycle(places.home)

    @dg.asset
    def first(context: dg.AssetExecutionContext) -> None:
        begin(cycle, context)

    definitions = dg.Definitions(assets=[first], jobs=[dg.define_asset_job(job)])
    with dg.DagsterInstance.ephemeral() as instance:
        assert definitions.resolve_job_def(job).execute_in_process(instance=instance).success
    assert cycle.wish.is_thorough == is_thorough


def test_the_night_compacts_the_lake(tmp_path: Path) -> None:
    places = make_lake(tmp_path / "home")
    before, files = seen(places), parquet_files(places)
    result = night(Cycle(places.home), COMPACTION)
    [made] = result.asset_materializations_for_node("nightly__compaction")
    assert int(str(made.metadata["files_after"].value)) < int(str(made.metadata["files_before"].value))
    assert seen(places) == before
    assert len(parquet_files(places)) < len(files)


def test_the_night_reconciles_portals_of_any_size(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.publish()
    monkeypatch.setattr(reconciling, "RECONCILED_ALWAYS", 10)
    [made] = night(company.cycle(), RECONCILIATION).asset_materializations_for_node("nightly__reconciliation")
    table = str(made.metadata["connections"].value)
    assert all(f"{len(held)} {entity} equal" in table for (_, entity), held in company.held.items())


def test_a_difference_that_time_does_not_explain_fails_the_night(company: Company) -> None:
    for records in company.held.values():
        records.pop(next(iter(records)))
    company.publish()
    cycle = company.cycle()
    assert not night(cycle, RECONCILIATION).success
    assert "unread" in str(cycle.problem)
