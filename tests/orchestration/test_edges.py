"""Planted breaks at both edges, through the checks that Dagster shows: each is caught and stops the run."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pyarrow.parquet as pq
import pytest
import yaml

from orchestration import build_record, landed_check
from orchestration.assets.extraction import entity_keys
from orchestration.assets.landed import landed_checks
from orchestration.assets.publication import publication_asset
from orchestration.build_record import Build, Inputs
from orchestration.cycle import Cycle
from orchestration.extraction import Wish
from orchestration.places import Places
from orchestration.publication import publish
from simulator.server import serve
from simulator.world import make_world
from tests.orchestration.conftest import make_marts
from tests.orchestration.landings import land, pretend_built, small_manifest

DEALS, LEADS = dg.AssetKey(["hubspot", "deals"]), dg.AssetKey(["hubspot", "leads"])
WHOLE = {"id": "1", "properties": {"amount": "10", "dealname": "One"}}


@pytest.fixture
def cycle(places: Places) -> Iterator[Cycle]:
    running = Cycle(places.home)
    yield running
    running.close()


def check_landed(cycle: Cycle) -> dg.ExecuteInProcessResult:
    """The checks of what was landed, and a build that would follow them."""

    @dg.multi_asset(specs=[dg.AssetSpec(key) for key in entity_keys()])
    def extraction() -> Iterator[dg.MaterializeResult[None]]:
        for key in entity_keys():
            yield dg.MaterializeResult(asset_key=key)

    @dg.asset(deps=entity_keys())
    def models() -> None:
        """What a failed check must stop."""

    definitions = dg.Definitions(
        assets=[extraction, models],
        asset_checks=[landed_checks(cycle, small_manifest(cycle.places))],
        jobs=[dg.define_asset_job("cycle", selection=dg.AssetSelection.all())],
    )
    job = definitions.resolve_job_def("cycle")
    with dg.DagsterInstance.ephemeral() as instance:
        return job.execute_in_process(instance=instance, raise_on_error=False)


def check_of(
    result: dg.ExecuteInProcessResult, name: str, key: dg.AssetKey = DEALS
) -> tuple[bool, str, list[dict[str, Any]]]:
    """Whether the check passed, its severity, and the rows in its metadata."""
    [found] = [
        item
        for item in result.get_asset_check_evaluations()
        if (item.check_name, item.asset_key) == (name, key)
    ]
    rows = found.metadata.get("unexpected")
    data = rows.value if isinstance(rows, dg.JsonMetadataValue) else []
    return found.passed, found.severity.value, data if isinstance(data, list) else []


def has_built(result: dg.ExecuteInProcessResult) -> bool:
    return bool(result.asset_materializations_for_node("models"))


def many(first: int, count: int, payload: dict[str, Any] | None) -> dict[str, dict[str, Any] | None]:
    return {str(number): payload for number in range(first, first + count)}


def test_the_first_load_passes_and_is_built(cycle: Cycle) -> None:
    land(cycle.places, "1.0", many(0, 30, WHOLE))
    result = check_landed(cycle)
    assert result.success
    assert has_built(result)
    assert check_of(result, "schema_drift") == (True, "WARN", [])


def test_a_lost_table_stops_the_build_and_names_its_records(cycle: Cycle) -> None:
    land(cycle.places, "1.0", many(0, 30, WHOLE))
    check_landed(cycle)
    pretend_built(cycle)
    land(cycle.places, "2.0", many(0, 20, None))
    result = check_landed(cycle)
    assert not has_built(result)
    passed, severity, [row] = check_of(result, "volume")
    assert (passed, severity, row["rows_before"], row["rows_now"]) == (False, "ERROR", 30, 10)
    assert set(row["gone_ids"]) == {str(number) for number in range(20)}
    assert check_of(result, "volume", dg.AssetKey(["bitrix24", "deals"]))[0]


def test_a_vanished_key_that_a_model_reads_stops_the_build_until_it_is_back(cycle: Cycle) -> None:
    land(cycle.places, "1.0", many(0, 30, WHOLE))
    check_landed(cycle)
    pretend_built(cycle)
    land(cycle.places, "2.0", many(0, 25, {"id": "1", "properties": {"dealname": "One"}}))
    for _ in range(2):  # nothing was built from it, so it is not taken for known
        result = check_landed(cycle)
        assert not has_built(result)
        passed, severity, [row] = check_of(result, "schema_drift")
        assert (passed, severity) == (False, "ERROR")
        assert (row["change"], row["payload_key"]) == ("vanished", "properties.amount")


def test_other_drift_is_a_warning_told_once(cycle: Cycle) -> None:
    land(cycle.places, "1.0", many(0, 30, WHOLE))
    check_landed(cycle)
    pretend_built(cycle)
    drifted = {"id": 1, "properties": {"amount": "10", "city": "Oslo"}}
    land(cycle.places, "2.0", many(0, 25, drifted))
    result = check_landed(cycle)
    assert has_built(result)
    passed, severity, rows = check_of(result, "schema_drift")
    assert (passed, severity) == (False, "WARN")
    assert [(row["change"], row["payload_key"], row["types_now"]) for row in rows] == [
        ("other type", "id", "number"),
        ("new", "properties.city", "text"),
        ("vanished", "properties.dealname", ""),
    ]
    pretend_built(cycle)
    land(cycle.places, "3.0", many(0, 25, drifted))
    assert check_of(check_landed(cycle), "schema_drift")[0]


def test_deals_and_leads_that_were_not_landed_stop_the_build(
    places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with serve(make_world(3, 0.02), "hubspot", quota_factor=1000, latency_seconds=0) as portal:
        connection = portal.connection_settings | {"name": "us", "requests_per_second": 1000}
        content = {"reporting": {"currency": "EUR", "timezone": "Europe/Berlin"}, "connections": [connection]}
        settings = places.home / "connections.yml"
        settings.write_text(yaml.safe_dump(content), encoding="utf-8")
        cycle = Cycle(places.home, settings_file=settings)
        cycle.land_settings()
        cycle.extract("hubspot")
        whole = check_landed(cycle)
        lost = {key: lose_some(places, key.path[1], 9) for key in (DEALS, LEADS)}
        result = check_landed(cycle)
        monkeypatch.setattr(landed_check, "RECONCILED_ALWAYS", 10)
        by_day, by_night = (counted_tables(cycle, tmp_path, is_thorough=night) for night in (False, True))
        cycle.close()
    assert (by_day, by_night) == ([], ["deals", "leads"])
    assert not has_built(result)
    for key, ids in lost.items():
        assert check_of(whole, "reconciliation", key) == (True, "WARN", [])
        passed, severity, [row] = check_of(result, "reconciliation", key)
        assert (passed, severity, row["unread"]) == (False, "ERROR", 9)
        assert set(row["record_ids"]) == ids


def counted_tables(cycle: Cycle, folder: Path, *, is_thorough: bool) -> list[str]:
    """What of the portals would be compared with the lake."""
    cycle.wish = Wish(is_thorough=is_thorough)
    censuses = landed_check.write_censuses(cycle, build_record.read_record(cycle.places), folder)
    return [census["entity"] for census in censuses]


def lose_some(places: Places, entity: str, count: int) -> set[str]:
    """Take all captures of some records out of the lake, as if they had never been read."""
    files = sorted((places.lake / "hubspot" / entity).glob("*.parquet"))
    with duckdb.connect() as database:
        captures = database.read_parquet([str(file) for file in files])
        lost = captures.aggregate("id, bool_or(is_deleted) as is_deleted", "id").filter("not is_deleted")
        ids = {row[0] for row in lost.order("id").limit(count).fetchall()}
    for file in files:
        table = pq.read_table(file)
        keep = [native_id not in ids for native_id in table["id"].to_pylist()]
        pq.write_table(table.filter(keep), file)
    return ids


@pytest.fixture
def candidate(places: Places) -> Iterator[Cycle]:
    """A home with a published version, and a finished build that awaits its publication."""
    make_marts(places.next_database)
    publish(places, {}, None)
    built = Build("next", Inputs({}, "", ""))
    build_record.record_success(places, built, ())
    cycle = Cycle(places.home)
    yield cycle
    cycle.close()


def publish_audited(cycle: Cycle) -> dg.ExecuteInProcessResult:
    manifest: dict[str, Any] = {"nodes": {}, "sources": {}, "parent_map": {}}
    with dg.DagsterInstance.ephemeral() as instance:
        return dg.materialize([publication_asset(cycle, manifest)], instance=instance, raise_on_error=False)


PUBLICATION = dg.AssetKey(["serving", "publication"])


def is_refused(cycle: Cycle, result: dg.ExecuteInProcessResult, version: str) -> bool:
    is_same = cycle.places.current.resolve().name == version
    return is_same and not result.success and cycle.problem is not None


def test_a_mart_that_lost_rows_is_refused_with_the_keys_it_lost(candidate: Cycle) -> None:
    version = candidate.places.current.resolve().name
    with duckdb.connect(str(candidate.places.next_database)) as database:
        database.execute("delete from marts.dim_dates where calendar_date < date '2026-06-01'")
    result = publish_audited(candidate)
    assert is_refused(candidate, result, version)
    passed, severity, [row] = check_of(result, "row_drop", PUBLICATION)
    assert (passed, severity, row["mart"]) == (False, "ERROR", "dim_dates")
    assert row["lost_keys"][0] == "2026-01-01"


def test_a_mart_without_a_key_is_refused(candidate: Cycle) -> None:
    version = candidate.places.current.resolve().name
    with duckdb.connect(str(candidate.places.next_database)) as database:
        database.execute("update marts.fct_deals set deal_key = null where deal_key = 'u:deal:3'")
    result = publish_audited(candidate)
    assert is_refused(candidate, result, version)
    assert not check_of(result, "keys_not_null", PUBLICATION)[0]


def plant_rule(places: Places, threshold: float | None, *, flagged: int, records: int = 100) -> None:
    """The tables of rules and issues, with one rule that flags that many records."""
    with duckdb.connect(str(places.next_database)) as database:
        database.execute("create schema data_quality")
        database.execute(
            "create table data_quality.dq_rules as select 'deal_without_client' as rule_id,"
            " 'm' as connection, true as is_enabled, $threshold::double as threshold,"
            " $records::bigint as record_count, $flagged::bigint as flagged_count",
            {"threshold": threshold, "records": records, "flagged": flagged},
        )
        database.execute(
            "create table data_quality.dq_issues as select 'deal_without_client' as rule_id,"
            " 'm' as connection, 'open' as status, 'm:deal:' || i as record_key from range($flagged) as t(i)",
            {"flagged": flagged},
        )


def test_a_rule_that_flags_more_than_its_threshold_is_refused_with_the_records(candidate: Cycle) -> None:
    version = candidate.places.current.resolve().name
    plant_rule(candidate.places, 0.25, flagged=26)
    result = publish_audited(candidate)
    assert is_refused(candidate, result, version)
    passed, severity, [row] = check_of(result, "rule_shares", PUBLICATION)
    assert (passed, severity) == (False, "ERROR")
    assert (row["rule_id"], row["flagged_count"], row["record_count"]) == ("deal_without_client", 26, 100)
    assert row["record_keys"][:2] == ["m:deal:0", "m:deal:1"]


def test_rules_within_their_thresholds_without_one_or_of_few_records_are_no_reason(candidate: Cycle) -> None:
    rows = [("at_its_limit", 0.25, 100, 25), ("without_a_limit", None, 100, 100), ("of_few", 0.25, 19, 10)]
    plant_rule(candidate.places, 0.25, flagged=1)
    with duckdb.connect(str(candidate.places.next_database)) as database:
        for rule, threshold, records, flagged in rows:
            database.execute(
                "insert into data_quality.dq_rules values (?, 'm', true, ?, ?, ?)",
                [rule, threshold, records, flagged],
            )
    [finding] = [item for item in candidate.check_candidate() if item.name == "rule_shares"]
    assert finding.passed
