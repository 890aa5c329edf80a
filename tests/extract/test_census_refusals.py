"""What censuses make of settings that leave something out, and of portals that refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import SecretStr

from extract.core.settings import Connection
from extract.sources import source_of
from simulator.bitrix24.errors import BitrixError
from simulator.bitrix24.items import LEAD
from tests.extract.censuses import CRMS, DEALS, LEADS, taken_of, with_leads_from
from tests.extract.portals import portal

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import World

NO_LEADS = frozenset({"crm.objects.leads.read"})
AS_CONTACTS = {"leads_from": "lead_status"}


@pytest.mark.parametrize("crm", CRMS)
def test_a_portal_that_lets_nobody_in_says_so_once(world: World, tmp_path: Path, crm: str) -> None:
    scopes = frozenset({"crm", "crm.objects.deals.read"})
    with portal(world, crm, tmp_path, missing_scopes=scopes) as tried:
        refused = taken_of(tried)
    gone = taken_of(tried)
    for taken, text in ((refused, "portal"), (gone, "cannot be reached")):
        assert not taken.tables
        assert not taken.refused
        [failure] = taken.failures
        assert text in str(failure)


@pytest.mark.parametrize(
    ("crm", "options"),
    [
        pytest.param("hubspot", {"missing_scopes": NO_LEADS}, id="no-scope"),
        pytest.param("hubspot", {"lead_refusal": "404"}, id="no-such-path"),
        pytest.param("hubspot", {"lead_refusal": "Leads are not enabled."}, id="a-wrong-request"),
        pytest.param("bitrix24", {"is_simple_mode": True}, id="simple-mode"),
    ],
)
def test_a_portal_without_leads_is_counted_without_them(
    world: World, tmp_path: Path, crm: str, options: dict[str, Any]
) -> None:
    with portal(world, crm, tmp_path, **options) as tried:
        taken = taken_of(tried)
    assert (set(taken.tables), set(taken.refused), len(taken.failures)) == ({DEALS}, {LEADS}, 0)


@pytest.mark.parametrize("is_simple_mode", [True, False])
def test_leads_that_a_webhook_may_not_read_are_missed_where_there_are_any(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_simple_mode: bool
) -> None:
    with portal(world, "bitrix24", tmp_path, is_simple_mode=is_simple_mode) as tried:
        table = tried.running.portal.methods.table
        listed = table["crm.item.list"]

        def refusing(parameters: dict[str, Any]) -> Any:
            if str(parameters["entityTypeId"]) == str(LEAD):
                raise BitrixError(403, "ACCESS_DENIED", "Access denied")
            return listed(parameters)

        monkeypatch.setitem(table, "crm.item.list", refusing)
        taken = taken_of(tried)
    assert set(taken.tables) == {DEALS}
    assert (set(taken.refused), len(taken.failures)) == (({LEADS}, 0) if is_simple_mode else (set(), 1))


def test_contacts_that_are_leads_and_may_not_be_read_are_missed(world: World, tmp_path: Path) -> None:
    scopes = frozenset({"crm.objects.contacts.read"})
    with portal(world, "hubspot", tmp_path, missing_scopes=scopes) as tried:
        tried.connection = with_leads_from(tried, "lifecyclestage")
        taken = taken_of(tried)
    assert (set(taken.tables), len(taken.refused), len(taken.failures)) == ({DEALS}, 0, 1)


@pytest.mark.parametrize(
    ("crm", "settings", "counted"),
    [
        ("bitrix24", {}, ["deals", "leads"]),
        ("bitrix24", {"entities": ("leads", "users")}, ["leads"]),
        ("hubspot", {"entities": ("deals",)}, ["deals"]),
        ("hubspot", {"entities": ("deals", "leads"), "mappings": AS_CONTACTS}, ["deals"]),
        ("hubspot", {"entities": ("contacts",), "mappings": AS_CONTACTS}, ["leads"]),
    ],
)
def test_only_what_the_settings_read_is_counted(
    crm: str, settings: dict[str, Any], counted: list[str]
) -> None:
    url, token = "https://crm.example/rest/1/secret/", SecretStr("secret")
    content = {"name": "portal", "crm": crm, "url": url, "token": token, **settings}
    connection = Connection.model_validate(content)
    wanted = [census for census in source_of(crm).censuses if census.is_wanted(connection)]
    assert [census.entity for census in wanted] == counted
