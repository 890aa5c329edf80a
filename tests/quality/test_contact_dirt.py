"""The dirt that simulated companies have among their contacts is found in both CRMs, and nothing else is."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from simulator.world import make_world
from tests.oracle.inputs import Reporting
from tests.quality.clients import Person, clusters, people
from tests.truth.golden import CRMS
from tests.truth.warehouse import Portals, Served, Warehouse

if TYPE_CHECKING:
    from pathlib import Path

SEEDS = (1, 2)
SIZE = 0.06
REQUIRED = ["job_title", "email"]
RULES = (
    "contact_email_malformed",
    "contact_name_lowercase",
    "contact_name_placeholder",
    "contact_last_name_missing",
    "contact_required_fields",
)


class RequiringServed(Served):
    """A world behind a connection that requires some fields."""

    def mappings(self, of_portal: dict[str, object]) -> dict[str, object]:
        """What its fields mean, and the required ones."""
        return super().mappings(of_portal) | {"required_fields": REQUIRED}


@dataclass(frozen=True)
class Contacts:
    """The contacts of all connections, and what was found of them."""

    people: dict[str, list[Person]]
    findings: dict[str, set[str]]
    clusters: dict[str, frozenset[str]]


@pytest.fixture(scope="module")
def contacts(tmp_path_factory: pytest.TempPathFactory) -> Contacts:
    """Two companies through both CRMs, read once."""
    home: Path = tmp_path_factory.mktemp("contacts")
    worlds = {seed: make_world(seed, SIZE) for seed in SEEDS}
    served: list[Served] = [
        RequiringServed(f"{crm}_{seed}", crm, worlds[seed]) for seed in SEEDS for crm in CRMS
    ]
    with ExitStack() as stack:
        portals = Portals(home, served, Reporting("EUR", "Europe/Berlin"), stack)
        portals.read()
    warehouse = Warehouse(home)
    models = [f"+dq_{rule}" for rule in (*RULES, "contact_duplicate")]
    warehouse.build("--select", *models)
    found: dict[str, set[str]] = {}
    grouped: dict[str, set[str]] = {}
    with warehouse.connect() as database:
        for rule in (*RULES, "contact_duplicate"):
            rows = database.execute(f"select record_key from warehouse.data_quality.dq_{rule}").fetchall()
            found[rule] = {key for (key,) in rows}
        query = "select cluster_key, contact_key from serving.data_quality.dim_contact_clusters"
        for cluster, key in database.execute(query).fetchall():
            grouped.setdefault(cluster, set()).add(key)
    shown = {each.name: people(each.world, each.crm, each.name) for each in served}
    return Contacts(shown, found, {key: frozenset(keys) for keys in grouped.values() for key in keys})


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_finds_what_was_planted_and_nothing_else(rule: str, contacts: Contacts) -> None:
    for connection, everybody in contacts.people.items():
        wanted = {person.key for person in everybody if rule in person.faults}
        assert {key for key in contacts.findings[rule] if key.startswith(f"{connection}:")} == wanted
    assert len(contacts.findings[rule]) >= 2 * len(CRMS)


def test_people_who_were_entered_twice_stand_in_one_cluster(contacts: Contacts) -> None:
    wanted: dict[str, frozenset[str]] = {}
    for everybody in contacts.people.values():
        wanted |= clusters(everybody)
    assert contacts.clusters == wanted
    assert contacts.findings["contact_duplicate"] == wanted.keys()
