"""Contacts that nobody can reach, impossible numbers, numbers in comments only: found, and nothing else."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import phonenumbers
import pytest

from quality.landing import land_rules
from quality.rules import load_rules
from simulator.client_comments import REMARKS, hidden_number
from simulator.world import make_world
from tests.oracle.inputs import Reporting
from tests.quality.clients import Person, people
from tests.truth.golden import CRMS
from tests.truth.warehouse import Portals, Served, Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import World

SEED, SIZE, REGION = 3, 0.08, "RU"
RULES = ("contact_unreachable", "contact_phone_malformed", "contact_phone_in_comments")


@dataclass
class RussianServed(Served):
    """A world behind a connection whose numbers are Russian where they name no country."""

    def mappings(self, of_portal: dict[str, object]) -> dict[str, object]:
        """What its fields mean, and the region."""
        return super().mappings(of_portal) | {"phone_region": REGION}


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(SEED, SIZE)


@pytest.fixture(scope="module")
def findings(world: World, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """What each rule found, by contact."""
    home: Path = tmp_path_factory.mktemp("phones")
    served: list[Served] = [RussianServed(crm, crm, world) for crm in CRMS]
    with ExitStack() as stack:
        portals = Portals(home, served, Reporting("EUR", "Europe/Berlin"), stack)
        land_rules(home, load_rules().effective(portals.settings))
        portals.read()
    warehouse = Warehouse(home)
    warehouse.build("--select", *(f"+dq_{rule}" for rule in RULES))
    with warehouse.connect() as database:
        return {
            rule: dict(
                database.execute(
                    f"select record_key, detected_value from warehouse.data_quality.dq_{rule}"
                ).fetchall()
            )
            for rule in RULES
        }


def is_possible(text: str) -> bool:
    """What libphonenumber says."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(text, REGION))
    except phonenumbers.NumberParseException:
        return False


def ending(text: str) -> str:
    """By what two ways of writing a number are known for one."""
    return re.sub(r"\D", "", text)[-9:]


def contacts(world: World) -> list[tuple[Person, list[str]]]:
    """The contacts that both CRMs show, with the numbers that were planted in their comments and names."""
    alive = [contact for contact in world.contacts if not contact.state_at(world.now)["is_deleted"]]
    comments = [contact.state_at(world.now).get("comments") for contact in alive]
    hidden = [
        [hidden_number(world, contact.number)] if text and text not in REMARKS else []
        for contact, text in zip(alive, comments, strict=True)
    ]
    shown = [pair for crm in CRMS for pair in zip(people(world, crm, crm), hidden, strict=True)]
    return [
        (person, [*numbers, *(name for name in (person.first, person.last) if name and name[0] == "+")])
        for person, numbers in shown
    ]


def test_contacts_that_cannot_be_reached(world: World, findings: dict[str, dict[str, str]]) -> None:
    wanted = {
        person.key
        for person, _ in contacts(world)
        if not person.phones and not any("@" in email for email in person.emails)
    }
    assert findings["contact_unreachable"].keys() == wanted
    assert wanted


def test_impossible_numbers(world: World, findings: dict[str, dict[str, str]]) -> None:
    wanted = {
        person.key: "; ".join(wrong)
        for person, _ in contacts(world)
        if (wrong := [phone for phone in person.phones if not is_possible(phone)])
    }
    assert findings["contact_phone_malformed"] == wanted
    assert wanted


def test_numbers_in_comments(world: World, findings: dict[str, dict[str, str]]) -> None:
    wanted = {
        person.key: "; ".join(unknown)
        for person, numbers in contacts(world)
        if (unknown := [one for one in numbers if ending(one) not in map(ending, person.phones)])
    }
    assert findings["contact_phone_in_comments"] == wanted
    assert wanted
