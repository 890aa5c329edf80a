"""`dealhouse reconcile`, and the line after a run, with served portals and hand-made marts."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
import yaml

from extract.core import patience
from extract.core.census import take_census
from orchestration import cli, locks, reconciling
from orchestration.cycle import Cycle
from orchestration.publication import Publication
from orchestration.reconciling import reconcile_after
from simulator.options import Options
from simulator.server import serve
from simulator.visible import VIEWS
from simulator.world import make_world
from tests.orchestration.reconcilable import Held, publish_deals

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from extract.core.settings import Connection
    from extract.core.source import Progress, Source
    from orchestration.places import Places
    from simulator.model import World
    from simulator.server import RunningPortal

CRMS = {"moscow": "bitrix24", "us": "hubspot"}
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
        self.held = {name: self.shown(name) for name in portals}

    def shown(self, name: str) -> dict[str, Held]:
        """The deals that a portal shows, as the warehouse would hold them."""
        view, now = VIEWS[CRMS[name]](self.world), self.world.now
        alive = [d for d in self.world.deals if not d.is_template and not d.state_at(now)["is_deleted"]]
        seen = [view.deal(deal, now) for deal in alive]
        return {
            deal.native_id: Held(
                *(deal.native_id, name, deal.pipeline_id, deal.stage_id, deal.owner_id, deal.amount),
                currency=deal.currency or "EUR",
            )
            for deal in seen
        }

    def publish(self) -> None:
        """Publish what is held."""
        deals = [deal for held in self.held.values() for deal in held.values()]
        publish_deals(self.places, deals, dict.fromkeys(self.portals, self.world.now.replace(tzinfo=None)))

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


def test_equal_deals_are_told_and_exit_0(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company.publish()
    assert dealhouse(monkeypatch, "reconcile") == 0
    lines = [f"{name}: {len(deals)} deals equal" for name, deals in company.held.items()]
    assert capsys.readouterr().out.splitlines() == lines
    assert dealhouse(monkeypatch, "reconcile", "--connection", "us") == 0
    assert capsys.readouterr().out.splitlines() == lines[1:]


def test_days_of_changes_are_explained_by_time(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company.publish()
    company.world.advance(3)
    assert dealhouse(monkeypatch, "reconcile", "-c", "moscow", "--records") == 0
    printed = capsys.readouterr().out
    before, after = company.held["moscow"], company.shown("moscow")
    expected = Counter({"created": len(after.keys() - before.keys())})
    expected["deleted"] = len(before.keys() - after.keys())
    expected["changed"] = sum(before[key] != after[key] for key in before.keys() & after.keys())
    for what, count in expected.items():
        assert (f"{count} {what} since" in printed) is (count > 0)
        assert printed.count(f" {what} since") == (count + 1 if count else 0)
    changed = next(key for key in before if key in after and before[key] != after[key])
    assert f"https://crm.example/{changed}" in printed
    headings = ["pipeline", "stage", "owner", "currency", "here", "in", "CRM"]
    assert printed.splitlines()[1].split()[: len(headings)] == headings


def test_an_unread_deal_is_a_failure(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for deals in company.held.values():
        deals.pop(next(iter(deals)))
    company.publish()
    assert dealhouse(monkeypatch, "reconcile") == 1
    assert capsys.readouterr().out.count("1 unread") == 2


def test_half_of_all_deals_gone_is_not_explained_by_time(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ghosts = {f"9{number}": Held(f"9{number}", "us") for number in range(100)}
    company.held["us"] |= ghosts
    company.publish()
    assert dealhouse(monkeypatch, "reconcile") == 1
    printed = capsys.readouterr()
    assert "100 deleted since" in printed.out
    assert "lost permissions" in " ".join(printed.err.split())


def test_wrong_usage_and_missing_versions_are_told(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert dealhouse(monkeypatch, "reconcile", "--connection", "use") == 2
    assert "Did you mean us?" in capsys.readouterr().err
    assert dealhouse(monkeypatch, "reconcile") == 1
    assert "Nothing is published yet" in capsys.readouterr().err
    publish_deals(company.places, [], {"moscow": company.world.now.replace(tzinfo=None)})
    assert dealhouse(monkeypatch, "reconcile", "-c", "us") == 1
    assert "dealhouse run --connection us" in capsys.readouterr().err
    company.settings.write_text(company.settings.read_text().replace("- crm", "- entities: [users]\n  crm"))
    assert dealhouse(monkeypatch, "reconcile", "-c", "moscow") == 2


def test_a_census_is_taken_under_the_lock_of_its_connection(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.publish()
    held: list[str] = []

    def noting(connection: Connection, source: Source, progress: Progress) -> pa.Table:
        held.extend(name for name in CRMS if locks.holder_of(company.places.locks, name))
        return take_census(connection, source, progress)

    monkeypatch.setattr(reconciling, "take_census", noting)
    assert dealhouse(monkeypatch, "reconcile", "-c", "us") == 0
    assert held == ["us"]


def test_a_run_ends_with_one_line(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    company.publish()
    reconcile_after(company.cycle())
    counts = {name: len(deals) for name, deals in company.held.items()}
    line = "Reconciled with the CRMs: moscow {moscow} deals equal; us {us} deals equal.\n"
    assert capsys.readouterr().out == line.format(**counts)


def test_a_run_reads_no_large_portal_again(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company.publish()
    monkeypatch.setattr(reconciling, "RECONCILED_ALWAYS", 10)
    reconcile_after(company.cycle())
    count = len(company.held["us"])
    assert f"us not reconciled ({count} deals): dealhouse reconcile -c us." in capsys.readouterr().out
    assert company.requests() == 0


def test_a_quiet_run_reconciles_nothing(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    company.publish()
    cycle = company.cycle()
    cycle.publication = None
    reconcile_after(cycle)
    assert (capsys.readouterr().out, company.requests()) == ("", 0)


def test_a_portal_that_is_gone_is_a_warning(
    company: Company, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    company.publish()
    address = company.portals["us"].url
    company.settings.write_text(company.settings.read_text().replace(address, "http://127.0.0.1:9"))
    cycle = company.cycle()
    warnings: list[str] = []
    monkeypatch.setattr(cycle.watcher, "warn", warnings.append)
    reconcile_after(cycle)
    assert len(warnings) == 1
    assert "connection 'us'" in warnings[0]
    assert "us" not in capsys.readouterr().out.replace("Reconciled with the CRMs", "")


def test_a_run_that_cannot_be_compared_only_warns(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    cycle = company.cycle()
    warnings: list[str] = []
    monkeypatch.setattr(cycle.watcher, "warn", warnings.append)
    reconcile_after(cycle)  # nothing is published
    assert [text.startswith("Not reconciled: ") for text in warnings] == [True]
