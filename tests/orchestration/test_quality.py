"""Both checkpoints by Great Expectations itself, in one process of its own as in a run."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pytest

from extract.core.files import atomic_write_parquet
from extract.core.lake import CAPTURE_SCHEMA, Lake
from orchestration.audit import AuditError, Checkpoints, refuse_failures
from orchestration.places import Places
from quality.landed import LandedRequest
from quality.publication import PublicationRequest
from tests.orchestration.conftest import make_marts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from orchestration.audit import Finding

READ_AT = datetime.fromisoformat("2026-03-01 12:00")


def land(places: Places, rows: list[tuple[str, bool]]) -> None:
    """Captures of deals of one committed load: id and whether it is deleted."""
    capture = {"connection": "us", "modified_at": READ_AT, "payload": "{}", "extracted_at": READ_AT}
    captures = [capture | {"id": native_id, "is_deleted": is_deleted} for native_id, is_deleted in rows]
    table = pa.Table.from_pylist(captures, CAPTURE_SCHEMA)
    table = table.append_column("_dlt_load_id", pa.array(["1.0"] * len(rows)))
    atomic_write_parquet(table, places.lake / "hubspot" / "deals", "us.1.0")
    commit = places.lake / "hubspot" / "_dlt_loads" / "us__1.0.jsonl"
    commit.parent.mkdir(parents=True, exist_ok=True)
    commit.write_text('{"load_id":"1.0","schema_name":"us","status":0}\n')
    run = {"run_id": "r", "connection": "us", "crm": "hubspot", "entity": "deals", "rows": 1, "requests": 1}
    ended = {"started_at": READ_AT, "completed_at": READ_AT, "is_complete": True, "is_full_cycle": True}
    Lake(places.home).land_runs([run | ended | {"error": None}])


@pytest.fixture(scope="module")
def checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkpoints]:
    with Checkpoints(Places(tmp_path_factory.mktemp("quality"))) as running:
        yield running


def landed(
    checkpoints: Checkpoints, places: Places, *, now: datetime = READ_AT, before: int = 0
) -> tuple[dict[str, Finding], dict[str, int]]:
    rows_before = {"us hubspot deals": before} if before else {}
    request = LandedRequest(str(places.lake), [["hubspot", "deals"]], {"us": now.isoformat()}, rows_before)
    seen = checkpoints.landed(request)
    return {finding.name: finding for finding in seen.findings}, seen.live_rows


def test_live_rows_are_counted_without_tombstones(checkpoints: Checkpoints, places: Places) -> None:
    land(places, [("1", False), ("2", False), ("3", True)])
    findings, live_rows = landed(checkpoints, places, before=2)
    assert live_rows == {"us hubspot deals": 2}
    assert all(finding.passed for finding in findings.values())


@pytest.mark.parametrize(("before", "passed"), [(21, True), (30, False), (19, True)])
def test_a_table_that_lost_much_stops_the_build(
    checkpoints: Checkpoints, places: Places, before: int, passed: bool
) -> None:
    land(places, [(str(number), number >= 15) for number in range(30)])
    findings, _ = landed(checkpoints, places, before=before)
    assert findings["volume"].passed is passed
    if not passed:
        with pytest.raises(AuditError, match="rows_before 30, rows_now 15"):
            refuse_failures([findings["volume"]], "here")


def test_a_table_that_lost_everything_stops_the_build_however_small(
    checkpoints: Checkpoints, places: Places
) -> None:
    land(places, [("1", True)])
    assert landed(checkpoints, places, before=1)[0]["volume"].stops_publication


def test_an_old_read_is_a_warning(checkpoints: Checkpoints, places: Places) -> None:
    land(places, [("1", False)])
    findings, _ = landed(checkpoints, places, now=datetime.fromisoformat("2026-03-02 12:01"))
    assert not findings["freshness"].passed
    assert not findings["freshness"].stops_publication


def test_what_a_portal_does_not_offer_is_never_stale(checkpoints: Checkpoints, places: Places) -> None:
    land(places, [("1", False)])
    refused = {"run_id": "r", "connection": "us", "crm": "hubspot", "entity": "leads", "started_at": READ_AT}
    Lake(places.home).land_runs([{**refused, "is_complete": False, "is_required": False}])
    assert landed(checkpoints, places)[0]["freshness"].passed
    Lake(places.home).land_runs([{**refused, "entity": "owners", "run_id": "s", "is_complete": False}])
    assert not landed(checkpoints, places)[0]["freshness"].passed


def test_a_mart_that_lost_much_keeps_the_last_version(
    checkpoints: Checkpoints, places: Places, tmp_path: Path
) -> None:
    published = make_marts(tmp_path / "published.duckdb")
    candidate = make_marts(tmp_path / "candidate.duckdb")
    with duckdb.connect(str(candidate)) as connection:
        connection.execute("delete from marts.dim_dates where calendar_date < date '2026-06-01'")
        connection.execute("update marts.fct_deals set deal_key = null where deal_key = 'u:deal:3'")
    findings = {
        finding.name: finding
        for finding in checkpoints.publication(PublicationRequest(str(candidate), str(published)))
    }
    [row] = findings["row_drop"].rows
    assert (row["mart"], row["rows_before"], row["rows_now"]) == ("dim_dates", 365, 214)
    assert row["lost_keys"][:2] == ["2026-01-01", "2026-01-02"]
    assert findings["keys_not_null"].rows == [
        {"mart": "fct_deals", "key_column": "deal_key", "rows_without_key": 1}
    ]
    assert all(finding.stops_publication for finding in findings.values())
