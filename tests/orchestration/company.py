"""A company with two served portals, and a published version of hand-made marts."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
import yaml

from extract.core import patience
from extract.core.census import Subject
from orchestration import cli
from orchestration.cycle import Cycle
from orchestration.publication import Publication
from simulator.options import Options
from simulator.server import serve
from simulator.visible import VIEWS
from simulator.world import make_world
from tests.orchestration.reconcilable import Held, publish_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from orchestration.places import Places
    from simulator.model import World
    from simulator.server import RunningPortal
    from simulator.visible_records import VisibleDeal, VisibleLead

CRMS = {"moscow": "bitrix24", "us": "hubspot"}
TYPES = {"deals": "deal", "leads": "lead"}
SECRET = "s3cret-of-the-test"


class Company:
    """A home whose published version equals two served portals, until their world moves on."""

    def __init__(self, places: Places, world: World, portals: dict[str, RunningPortal]) -> None:
        self.places, self.world, self.portals = places, world, portals
        self.settings = places.home / "connections.yml"
        connections = [
            portal.connection_settings | {"name": name, "requests_per_second": 1000}
            for name, portal in portals.items()
        ]
        content = {"reporting": {"currency": "EUR", "timezone": "Europe/Berlin"}, "connections": connections}
        self.settings.write_text(yaml.safe_dump(content), encoding="utf-8")
        self.held = {Subject(name, entity): self.shown(name, entity) for name in portals for entity in TYPES}

    def shown(self, name: str, entity: str) -> dict[str, Held]:
        """The deals or leads that a portal shows, as the warehouse would hold them."""
        view, now = VIEWS[CRMS[name]](self.world), self.world.now
        deals = (one for one in self.world.deals if one.exists_at(now) and not one.is_template)
        leads = (one for one in self.world.leads if one.exists_at(now))
        seen: Iterable[VisibleDeal | VisibleLead] = (
            (view.deal(one, now) for one in deals)
            if entity == "deals"
            else (view.lead(one, now) for one in leads)
        )
        return {
            record.native_id: Held(
                *(
                    record.native_id,
                    name,
                    record.pipeline_id,
                    record.stage_id,
                    record.owner_id,
                    record.amount,
                ),
                currency=record.currency or "EUR",
                record_type=TYPES[entity],
            )
            for record in seen
        }

    def publish(self) -> None:
        """Publish what is held."""
        records = [record for held in self.held.values() for record in held.values()]
        moments = dict.fromkeys(self.portals, self.world.now.replace(tzinfo=None))
        publish_records(self.places, records, moments)

    def count(self, name: str, entity: str) -> int:
        """How many of them are held."""
        return len(self.held[Subject(name, entity)])

    def settle(self, name: str, **settings: object) -> None:
        """Change the settings of a connection."""
        content = yaml.safe_load(self.settings.read_text(encoding="utf-8"))
        [connection] = [one for one in content["connections"] if one["name"] == name]
        connection |= settings
        self.settings.write_text(yaml.safe_dump(content), encoding="utf-8")

    def cycle(self) -> Cycle:
        """A cycle that has just published."""
        published = Publication("run", self.places.home, 0, 0, 0)
        return Cycle(self.places.home, settings_file=self.settings, publication=published)

    def requests(self) -> int:
        """How many requests reached the portals."""
        return sum(portal.counters.total_requests for portal in self.portals.values())


@pytest.fixture
def company(places: Places, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    monkeypatch.setenv("DEALHOUSE_HOME", str(places.home))
    monkeypatch.setenv("DEALHOUSE_CONNECTIONS", str(places.home / "connections.yml"))
    monkeypatch.setattr(patience, "FIRST_BACKOFF", 0.01)
    monkeypatch.setattr(patience, "LONGEST_BACKOFF", 0.1)
    world = make_world(seed=3, size=0.02)
    with ExitStack() as stack:
        portals = {
            name: stack.enter_context(
                serve(world, crm, quota_factor=1000, latency_seconds=0.0, options=Options(key=SECRET))
            )
            for name, crm in CRMS.items()
        }
        yield Company(places, world, portals)


def dealhouse(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int | str:
    """The exit code of `dealhouse ARGUMENTS`."""
    monkeypatch.setattr("sys.argv", ["dealhouse", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0
