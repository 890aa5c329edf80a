from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from extract.core.lake import Lake
from extract.core.settings import Connection, Reporting, Settings
from orchestration import build_record, inputs
from orchestration.build_record import Build, BuildRecord, Inputs, Plan, plan_build
from orchestration.dbt import build_arguments
from orchestration.inputs import RUNS_TABLE

if TYPE_CHECKING:
    from orchestration.places import Places

INPUTS = Inputs(loads={"bitrix24.deals": "a", "hubspot.deals": "b"}, settings="s", project="p")


def plan(
    record: BuildRecord, inputs: Inputs = INPUTS, *, has_warehouse: bool = True, is_full_refresh: bool = False
) -> Plan:
    return plan_build(record, inputs, has_warehouse=has_warehouse, is_full_refresh=is_full_refresh)


BUILT = BuildRecord(built=Build("one", INPUTS), published="one")


def test_nothing_new_is_nothing_to_build() -> None:
    assert plan(BUILT).is_nothing


def test_only_what_is_downstream_of_new_loads_is_built() -> None:
    newer = Inputs({**INPUTS.loads, "hubspot.deals": "c", "hubspot.owners": "d"}, "s", "p")
    assert plan(BUILT, newer) == Plan(tables=("hubspot.deals", "hubspot.owners"))


@pytest.mark.parametrize(
    ("record", "inputs", "options"),
    [
        (BuildRecord(), INPUTS, {}),
        (BUILT, INPUTS, {"has_warehouse": False}),
        (BUILT, INPUTS, {"is_full_refresh": True}),
        (BUILT, Inputs(INPUTS.loads, "other", "p"), {}),
        (BUILT, Inputs(INPUTS.loads, "s", "other"), {}),
        (BuildRecord(built=BUILT.built, pending=Plan(is_everything=True, is_full_refresh=True)), INPUTS, {}),
    ],
    ids=["first", "no warehouse", "asked", "settings", "project", "a full build was cut short"],
)
def test_everything_is_built_from_the_lake_when_anything_may_have_changed(
    record: BuildRecord, inputs: Inputs, options: dict[str, bool]
) -> None:
    assert plan(record, inputs, **options) == Plan(is_everything=True, is_full_refresh=True)


def test_a_build_cut_short_is_repeated_with_what_is_new() -> None:
    newer = Inputs({**INPUTS.loads, "hubspot.deals": "c"}, "s", "p")
    cut_short = BuildRecord(built=BUILT.built, pending=Plan(tables=("bitrix24.deals",)))
    assert plan(cut_short, newer).tables == ("bitrix24.deals", "hubspot.deals")


def test_the_record_survives_being_written_and_read(places: Places) -> None:
    build_record.record_start(places, Plan(tables=("hubspot.deals",)))
    assert build_record.read_record(places).pending == Plan(tables=("hubspot.deals",))
    build_record.record_count(places, {"us hubspot deals": 5})
    build_record.record_success(places, Build("one", INPUTS, {"us hubspot deals": 5}), ("marts.fct_deals",))
    record = build_record.read_record(places)
    assert (record.pending, record.awaits_publication, record.touched) == (None, True, ("marts.fct_deals",))
    build_record.record_publication(places, "one")
    assert build_record.read_record(places) == BuildRecord(
        built=Build("one", INPUTS, {"us hubspot deals": 5}), touched=(), published="one"
    )


def test_another_day_of_the_reporting_zone_is_something_to_build(places: Places) -> None:
    reporting = Reporting(currency="EUR", timezone="Europe/Moscow")
    connection = Connection(
        name="moscow", crm="bitrix24", url=SecretStr("https://acme.bitrix24.ru/rest/1/secret/")
    )
    lake = Lake(places.home)
    lake.land_settings(Settings(reporting=reporting, connections=(connection,)))
    days = []
    for number, moment in enumerate(("12:00:00", "20:59:59", "21:00:00")):
        started_at = datetime.fromisoformat(f"2026-11-20 {moment}")
        run = {"run_id": str(number), "connection": "moscow", "started_at": started_at}
        lake.land_runs([{**run, "is_complete": True, "is_full_cycle": True}])
        days.append(inputs.read_inputs(places).loads[RUNS_TABLE])
    assert days[0] == days[1] != days[2]


@pytest.mark.parametrize(("is_required", "is_whole"), [(True, False), (False, True), (None, False)])
def test_a_cycle_is_whole_without_what_the_portal_does_not_offer(
    places: Places, is_required: bool | None, is_whole: bool
) -> None:
    started_at = datetime.fromisoformat("2026-11-20 12:00:00")
    cycle = {
        "run_id": "1",
        "connection": "moscow",
        "started_at": started_at,
        "is_full_cycle": True,
    }
    tasks = {**cycle, "entity": "tasks", "is_complete": False, "is_required": is_required}
    Lake(places.home).land_runs([{**cycle, "entity": "deals", "is_complete": True}, tasks])
    assert bool(inputs.data_as_of(places)) == is_whole


def test_a_build_under_way_is_not_published() -> None:
    cut_short = BuildRecord(built=BUILT.built, pending=Plan(tables=("hubspot.deals",)), published=None)
    assert not cut_short.awaits_publication


def test_the_dbt_command_follows_the_plan() -> None:
    assert build_arguments(Plan(is_everything=True, is_full_refresh=True)) == [
        *("build", "--exclude-resource-type", "unit_test", "--full-refresh")
    ]
    assert build_arguments(Plan(tables=("hubspot.deals",)))[3:] == [
        *("--select", "source:dealhouse.extraction_runs+", "source:hubspot.deals+")
    ]
