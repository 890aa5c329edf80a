"""Addresses of Bitrix24's clients over real HTTP, dlt and Parquet: whole sets, whatever else is read."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from extract.core import streams
from extract.core.errors import SourceError
from extract.core.http import HttpClient
from extract.sources.bitrix24 import addresses
from simulator.bitrix24 import addresses as simulated
from simulator.bitrix24.addresses import AddressRow
from simulator.bitrix24.batch import Batch
from simulator.bitrix24.errors import BitrixError
from simulator.bitrix24.items import COMPANY, CONTACT
from simulator.faults import Fault
from simulator.identifiers import bitrix24 as ids
from simulator.model import Change
from tests.extract.portals import Tried, portal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from extract.core.cycle import EntityRun
    from extract.core.http import Reply, Request, Requester
    from simulator.bitrix24.lists import Result
    from simulator.bitrix24.rows import ShownRow
    from simulator.model import Contact, World

METHOD = "crm.address.list"
OWNERS = {"3": "contact", "4": "company"}


def cycle(tried: Tried, **arguments: Any) -> EntityRun:
    """Addresses alone: nothing else that is read may be what they depend on."""
    return tried.cycle(entities=["addresses"], **arguments)["addresses"]


def shown(tried: Tried) -> dict[str, list[dict[str, Any]]]:
    """The addresses of each client that has any, the primary kind first."""
    tried.running.portal.index.refresh()
    sets = defaultdict(list)
    for row in tried.running.portal.methods.table[METHOD].__self__._present():
        values = row.values()
        if values["ANCHOR_TYPE_ID"] in OWNERS:
            sets[f"{OWNERS[values['ANCHOR_TYPE_ID']]}:{values['ANCHOR_ID']}"].append(values)
    order = ("TYPE_ID", "ENTITY_TYPE_ID", "ENTITY_ID")
    return {
        key: sorted(rows, key=lambda row: [int(row[name]) for name in order]) for key, rows in sets.items()
    }


def read(tried: Tried) -> dict[str, list[dict[str, Any]]]:
    found = tried.present("addresses")
    assert all(f"{one['ownerType']}:{one['ownerId']}" == key for key, one in found.items())
    return {key: one["addresses"] for key, one in found.items()}


def change(world: World, contact: Contact, **values: Any) -> None:
    contact.changes += [Change(world.now, name, value, contact.created_by) for name, value in values.items()]
    world.version += 1


def refuse(_batch: Batch, _parameters: dict[str, Any]) -> dict[str, Any]:
    raise BitrixError(405, "ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage")


@pytest.mark.parametrize("case", ["chains", "no batches", "no wordy bounds", "faults"])
def test_every_client_has_all_of_its_addresses(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    if case == "no batches":
        monkeypatch.setattr(Batch, "run", refuse)
    with portal(still_world, "bitrix24", tmp_path, refuses_wordy_bounds=case == "no wordy bounds") as tried:
        for number, fault in enumerate(one for one in Fault if one is not Fault.TIME_OUT):
            if case == "faults":
                tried.running.faults.add(fault, skip=number)
        for _ in range(2):  # once without knowing how long the list is
            assert cycle(tried).error is None
            assert read(tried) == shown(tried)
        assert len(read(tried)) > 100
        assert max(map(len, read(tried).values())) > 1
        assert len(tried.landed("addresses")) == len(read(tried)), "nothing lands again that is as it was"


def several(anchor_type: int, row: ShownRow) -> Iterator[AddressRow]:
    """Seven addresses of every client, so that pages end amidst them; of one contact more than two pages."""
    if anchor_type not in {CONTACT, COMPANY}:
        return
    requisites = 17 if (anchor_type, row.key) == (CONTACT, 4) else 1
    for number in range(7 * requisites):
        requisite = ids.requisite_id(anchor_type, row.key) + 100_000 * (number // 7)
        yield AddressRow((anchor_type, row.key), (simulated.REQUISITE, requisite), 1 + number % 7)


@pytest.mark.parametrize("has_batches", [True, False])
def test_a_page_that_ends_amidst_a_set_cuts_none(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_batches: bool
) -> None:
    monkeypatch.setattr(simulated, "_addresses_of", several)
    if not has_batches:
        monkeypatch.setattr(Batch, "run", refuse)
    with portal(still_world, "bitrix24", tmp_path) as tried:
        for _ in range(2):
            assert cycle(tried).error is None
        found, wanted = read(tried), shown(tried)
        long = found.pop("contact:4")
        assert found | {"contact:4": wanted["contact:4"]} == wanted
        assert 50 <= len(long) < len(wanted["contact:4"]), "of so many the first page will do"
        assert long == [address for address in wanted["contact:4"] if address in long]


def test_what_changes_on_requisites_alone_is_read(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        cycle(tried)
        placed = [
            one
            for one in world.contacts
            if one.exists_at(world.now) and one.state_at(world.now)["city"] and one.number % 6 == 1
        ]
        moved, cleared, deleted = placed[:3]
        change(world, moved, city="Perm")
        change(world, cleared, city=None, country=None)
        change(world, deleted, is_deleted=True)
        assert cycle(tried).error is None
        assert read(tried)[f"contact:{moved.number}"][0]["CITY"] == "Perm"
        assert not {f"contact:{one.number}" for one in (cleared, deleted)} & read(tried).keys()
        change(world, cleared, city="Perm")
        change(world, deleted, is_deleted=False)
        assert cycle(tried).error is None
        assert read(tried) == shown(tried)


def test_where_they_are_many_they_are_read_once_a_day(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "SWEPT_ALWAYS", 20)
    with portal(still_world, "bitrix24", tmp_path) as tried:
        asked = tried.running.counters.execution_seconds
        spent = []
        for arguments in ({}, {}, {"is_thorough": True}, {}, {"from_scratch": True}):
            before = asked[METHOD]
            assert cycle(tried, **arguments).error is None
            spent.append(asked[METHOD] > before)
        assert spent == [True, False, True, False, True]
        assert read(tried) == shown(tried)


def test_an_interrupted_first_walk_goes_on_with_the_set_it_broke_off_at(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "CHUNK_ROWS", 1)
    send = HttpClient.send
    asked: list[Request] = []

    def breaking(client: HttpClient, request: Request, requester: Requester) -> Reply:
        asked.append(request)
        if len(asked) > 2 and METHOD in request.label:
            raise SourceError("the portal is gone.", request.label)
        return send(client, request, requester)

    with portal(still_world, "bitrix24", tmp_path) as tried:
        monkeypatch.setattr(HttpClient, "send", breaking)
        assert not cycle(tried).is_complete
        kept = read(tried)
        whole = shown(tried)
        assert 0 < len(kept) < len(whole)
        monkeypatch.setattr(HttpClient, "send", send)
        table = tried.running.portal.methods.table
        serve, bounds = table[METHOD], []

        def noting(parameters: dict[str, Any]) -> Result:
            bounds.append(parameters["filter"][">=ANCHOR_ID"])
            result: Result = serve(parameters)
            return result

        monkeypatch.setitem(table, METHOD, noting)
        assert cycle(tried).rows == len(whole) - len(kept)
        monkeypatch.setitem(table, METHOD, serve)
        assert int(bounds[0]) >= max(int(set_id.partition(":")[2]) for set_id in kept)
        assert read(tried) == whole
        assert cycle(tried).error is None
        assert not [row for row in tried.landed("addresses") if row["is_deleted"]]


def test_lost_rights_delete_no_addresses(still_world: World, tmp_path: Path) -> None:
    with portal(still_world, "bitrix24", tmp_path) as tried:
        cycle(tried)
        before = read(tried)
    everybody = frozenset(employee.number for employee in still_world.employees)
    with portal(still_world, "bitrix24", tmp_path, hidden_owners=everybody) as tried:
        run = cycle(tried)
        assert "lost permissions" in (run.error or "")
        assert run.is_required
        assert read(tried) == before


def test_a_set_that_one_reply_leaves_out_is_not_gone_nor_is_what_follows(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with portal(still_world, "bitrix24", tmp_path) as tried:
        cycle(tried)
        anchor = min(key for key in read(tried) if key.startswith("contact:")).partition(":")[2]
        table = tried.running.portal.methods.table
        serve = table[METHOD]

        def without_one(parameters: dict[str, Any]) -> Result:
            result: Result = serve(parameters)
            if "@ANCHOR_ID" not in parameters["filter"]:
                result.value = [
                    row for row in result.value if f'"ANCHOR_ID":"{anchor}"'.encode() not in row.data
                ]
            return result

        monkeypatch.setitem(table, METHOD, without_one)
        assert cycle(tried).error is None
        monkeypatch.setitem(table, METHOD, serve)
        assert read(tried) == shown(tried)
        assert not [row for row in tried.landed("addresses") if row["is_deleted"]]


@pytest.mark.parametrize(("status", "code"), [(403, "ACCESS_DENIED"), (400, "0"), (400, "INVALID_ARG_VALUE")])
def test_a_portal_that_refuses_them_is_complete_without(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, code: str
) -> None:
    def refused(_parameters: dict[str, Any]) -> Result:
        raise BitrixError(status, code, "no")

    with portal(still_world, "bitrix24", tmp_path) as tried:
        monkeypatch.setitem(tried.running.portal.methods.table, METHOD, refused)
        run = cycle(tried)
        assert (run.is_complete, run.is_required) == (False, False)
        assert METHOD in (run.error or "")
