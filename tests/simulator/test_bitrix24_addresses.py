"""Addresses in the Bitrix24 dialect."""

from __future__ import annotations

from tests.simulator.callers import Caller, portal
from tests.simulator.test_bitrix24_clients import CONTACT, LEAD, alive, everything


def test_addresses_are_texts_on_requisites_and_name_the_client_they_are_of(bitrix24: Caller) -> None:
    states = alive(bitrix24, bitrix24.running.world.contacts)
    asked = {"order": {"ANCHOR_ID": "ASC", "TYPE_ID": "DESC"}, "start": -1}
    rows: list[dict[str, str | None]] = []
    while not rows or len(rows) % 50 == 0:
        last = rows[-1]["ANCHOR_ID"] if rows else 0
        filters = {"ANCHOR_TYPE_ID": CONTACT, ">ANCHOR_ID": last, "TYPE_ID": 1}
        rows += bitrix24.bitrix("crm.address.list", filter=filters, **asked).json()["result"]
    placed = {number for number, state in states.items() if state["city"] or state["country"]}
    cities = {int(row["ANCHOR_ID"] or 0): row["CITY"] for row in rows}
    assert {number: cities[number] for number in placed} == {one: states[one]["city"] for one in placed}
    assert len(cities) > len(placed), "some addresses are empty"
    assert all(isinstance(value, (str, type(None))) for row in rows for value in row.values())
    # On old portals they hang on the client itself.
    assert {row["ENTITY_TYPE_ID"] for row in rows} == {"8", "3"}
    of_leads = bitrix24.bitrix("crm.address.list", filter={"ANCHOR_TYPE_ID": LEAD}).json()
    assert of_leads["result"]


def test_a_list_of_addresses_counts_its_page_only_and_tells_of_no_next_one(bitrix24: Caller) -> None:
    counted = bitrix24.bitrix("crm.address.list").json()
    assert (len(counted["result"]), counted["total"], "next" in counted) == (50, 50, False)
    second = bitrix24.bitrix("crm.address.list", start=50, select=["CITY"]).json()["result"]
    assert [set(row) for row in second] == [{"CITY"}] * 50
    assert bitrix24.bitrix("crm.address.list", start=-1).json()["total"] > 100
    for wrong in ({"filter": {"ID": 1}}, {"order": {"CITI": "ASC"}}):
        assert bitrix24.bitrix("crm.address.list", **wrong).json()["error"] == "INVALID_ARG_VALUE"


def test_addresses_of_clients_of_hidden_owners_are_absent() -> None:
    with portal("bitrix24", hidden_owners=frozenset({1, 2, 3})) as running:
        caller = Caller(running)
        shown = {row["id"] for row in everything(caller, CONTACT)}
        addresses = caller.bitrix("crm.address.list", filter={"ANCHOR_TYPE_ID": CONTACT}).json()["result"]
        assert addresses
        assert {int(row["ANCHOR_ID"]) for row in addresses} <= shown
