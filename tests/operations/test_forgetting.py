"""A person is erased everywhere, whatever cuts it short, and does not come back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
import orjson
import pytest

from extract.core.lake import Captures, Lake
from extract.core.privacy import Forgotten, Privacy
from extract.core.settings import Reporting, Settings
from orchestration.console import UsageError
from orchestration.forgetting import lake as in_lake
from orchestration.forgetting.forget import forget
from orchestration.forgetting.note import Note, note_file
from orchestration.forgetting.patterns import values_of
from orchestration.forgetting.person import Person
from orchestration.forgetting.search import Search
from orchestration.places import Places
from orchestration.watching import Watcher
from tests.extract.portals import portal
from tests.operations.killed import killed_copies
from tests.operations.person_home import KEY, WORDS, act, make_home, rebuild

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import World


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return make_home(tmp_path / "home")


def payloads(places: Places, entity: str) -> dict[str, dict[str, Any]]:
    """The last payload of every record, tombstones left out."""
    rows = duckdb.execute(
        "select id, payload from read_parquet($files) where not is_deleted order by extracted_at",
        {"files": f"{places.lake}/bitrix24/{entity}/*.parquet"},
    ).fetchall()
    return {key: orjson.loads(payload) for key, payload in rows}


def words_left(places: Places) -> set[str]:
    """Which of the person's words stand anywhere in the home, other records' first names aside."""
    left = set()
    for file in places.home.rglob("*"):
        if file.is_symlink() or not file.is_file():
            continue
        content = file.read_bytes()
        if content.startswith(b"PAR1"):
            content = str(duckdb.read_parquet(str(file)).fetchall()).encode()
        text = content.decode(errors="replace").casefold()
        left |= {word for word in WORDS if word.casefold() in text}
    return left


def test_everything_that_tells_who_it_was_is_gone(places: Places) -> None:
    assert len(words_left(places)) == len(WORDS)
    proof = act(places.home)
    assert proof.is_clean
    assert words_left(places) == {"Марфа"}, "another contact has that first name"
    assert payloads(places, "contacts")["7"] == {
        "id": 7,
        "createdTime": "2026-03-01T10:00:00+03:00",
        "sourceId": "WEB",
    }
    assert payloads(places, "contacts")["8"]["name"] == "Марфа"
    assert payloads(places, "contacts")["9"] == {"id": 9}, "it was merged into the forgotten one"
    assert payloads(places, "addresses")["contact:7"] == {}
    for owner in ("contact:8", "company:7"):
        assert payloads(places, "addresses")[owner]["addresses"], "another record's are its own"
    assert payloads(places, "deals")["1"] == {
        "id": 1,
        "title": "Deal of [erased], call [erased]",
        "contactId": 7,
    }
    assert "SUBJECT" not in payloads(places, "activities")["70"], "nobody else took part"
    assert payloads(places, "activities")["71"]["SUBJECT"] == "Call of [erased] with all"
    assert proof.rewritten == {"north.deals 1", "north.activities 71"}


def test_the_record_counts_as_deleted_and_transitions_keep_their_rows(places: Places) -> None:
    act(places.home)
    contacts = Captures(Lake(places.home), "bitrix24", "north", "contacts")
    assert contacts.alive()["id"].to_pylist() == ["8"]
    addresses = Captures(Lake(places.home), "bitrix24", "north", "addresses")
    assert set(addresses.alive()["id"].to_pylist()) == {"company:7", "contact:8"}
    transitions = duckdb.read_parquet(f"{places.own_lake}/dq_transitions/*.parquet").order("record_key")
    assert transitions.fetchall() == [(KEY, None), ("north:contact:8", "kept")]


def test_only_the_version_made_without_the_person_is_kept(places: Places) -> None:
    assert len(list(places.versions.iterdir())) == 2
    act(places.home)
    assert [folder.resolve() for folder in places.versions.iterdir()] == [places.current.resolve()]


def test_forgetting_again_has_nothing_to_do(places: Places) -> None:
    act(places.home)
    assert act(places.home).is_repeated
    assert not note_file(places).exists()


@pytest.mark.parametrize("key", ["north:deal:1", "contact 7", "north:contact:404", "elsewhere:contact:7"])
def test_only_contacts_and_leads_that_are_landed_can_be_forgotten(places: Places, key: str) -> None:
    with pytest.raises(UsageError):
        forget(places, [key], Watcher(), rebuild)
    assert len(words_left(places)) == len(WORDS)


def test_values_in_another_contact_are_told_and_left(places: Places) -> None:
    proof = forget(places, ["north:contact:8"], Watcher(), rebuild)
    assert proof.is_clean
    shown = {value.shown: proof.found.records.get(number) for number, value in enumerate(proof.values)}
    assert shown["М…а"] == {"contacts north 7", "deals north 1"}


def test_a_search_finds_what_an_erasure_would_have_missed(places: Places) -> None:
    act(places.home)
    (places.logs / "late.log").write_text("call 8-912-645 84 89 at once")
    person = Person(phones={"89126458489"})
    found = Search(places, values_of(person), [KEY]).run(lambda _done, _total: None)
    assert dict(found.places[0]) == {"logs": 1}


@pytest.mark.parametrize(
    "written",
    ["+7 912 645-84-89", "8(912)6458489", "89126458489", "912.645.84.89", "۹۱۲۶۴۵۸۴۸۹", "9126458489"],
)
def test_a_phone_is_found_however_it_is_written(written: str) -> None:
    value = values_of(Person(phones={"79126458489"}))[0]
    assert value.spans_in(f"call {written}!".encode())
    assert not value.spans_in(b"call 912 645 84 88")


def test_contact_points_that_are_no_proper_ones_are_looked_for_as_they_stand() -> None:
    person = Person()
    privacy = Privacy(frozenset({"fm", "id"}), frozenset({"name"}), frozenset({"value"}))
    points = [{"value": text} for text in ("who@where,example", "+7 (912) 645-84-89", "@nickname", "12")]
    person.learn(
        {"id": 7, "name": "Ann", "fm": points, "born": "1980-01-01", "note": "Ann@x.example"}, privacy
    )
    assert person.phones == {"79126458489"}
    assert person.emails == {"ann@x.example", "who@where,example", "@nickname"}
    assert person.names == {("Ann",)}


def test_a_kill_at_any_step_is_made_good_by_repeating(places: Places, tmp_path: Path) -> None:
    copies = killed_copies("tests.operations.person_home", places.home, tmp_path / "copies", every=4)
    assert len(copies) > 10
    for copy in copies:
        proof = act(copy)
        assert proof.is_clean, copy.name
        assert words_left(Places(copy)) == {"Марфа"}, copy.name
        assert not list(copy.rglob("*.part")), copy.name
        assert act(copy).is_repeated, copy.name


def test_the_next_extraction_does_not_bring_it_back(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle()
        before = tried.present("contacts")
        owned = tried.present("addresses")
        key = min(native_id for native_id in before if f"contact:{native_id}" in owned)
        note = Note(keys={f"portal:contact:{key}"})
        lake = Lake(tmp_path)
        lake.land_settings(
            Settings(reporting=Reporting(currency="EUR", timezone="UTC"), connections=(tried.connection,))
        )
        in_lake.remember(Places(tmp_path), note, datetime.now(UTC))
        in_lake.bury(Places(tmp_path), note)
        assert key not in tried.present("contacts")
        tried.cycle(from_scratch=True)
        assert tried.present("contacts").keys() == before.keys() - {key}
        assert tried.present("addresses").keys() == owned.keys() - {f"contact:{key}"}
        assert Forgotten(lake).holds("portal", "contacts", key)
        tried.running.advance(2)
        assert all(run.is_complete for run in tried.cycle().values())
        assert key not in tried.present("contacts")
