"""`dealhouse reconcile`, with served portals and hand-made marts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from extract.core import locks
from extract.core.census import Subject, Taken, take_censuses
from extract.core.lake import Lake
from extract.core.settings import Connection
from extract.sources import source_of
from orchestration import censuses
from tests.orchestration.company import CRMS, Company, company, dealhouse
from tests.orchestration.reconcilable import Held, publish_records

if TYPE_CHECKING:
    import pytest

__all__ = ["company"]


def test_equal_deals_and_leads_are_told_and_exit_0(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company.publish()
    assert dealhouse(monkeypatch, "reconcile") == 0
    lines = [f"{name}: {len(held)} {entity} equal" for (name, entity), held in company.held.items()]
    assert capsys.readouterr().out.splitlines() == lines
    assert dealhouse(monkeypatch, "reconcile", "--connection", "us") == 0
    assert capsys.readouterr().out.splitlines() == lines[2:]


def test_days_of_changes_are_explained_by_time(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company.publish()
    company.world.advance(3)
    assert dealhouse(monkeypatch, "reconcile", "-c", "moscow", "--records") == 0
    printed = capsys.readouterr().out
    start = printed.index("moscow: ", 1)
    for entity, told in (("deals", printed[:start]), ("leads", printed[start:])):
        before, after = company.held[Subject("moscow", entity)], company.shown("moscow", entity)
        expected = Counter({"created": len(after.keys() - before.keys())})
        expected["deleted"] = len(before.keys() - after.keys())
        expected["changed"] = sum(before[key] != after[key] for key in before.keys() & after.keys())
        for what, count in expected.items():
            assert (f"{count} {what} since" in told) is (count > 0)
            assert told.count(f" {what} since") == (count + 1 if count else 0)
        changed = next(key for key in before if key in after and before[key] != after[key])
        assert f"https://crm.example/{changed}" in told
        headings = "pipeline stage owner here in CRM currency sum here sum in CRM"
        assert told.splitlines()[1].split() == headings.split()


def test_leads_without_amounts_have_no_sums(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    company.held[Subject("us", "leads")].popitem()
    company.publish()
    assert dealhouse(monkeypatch, "reconcile", "-c", "us") == 1
    [_, headings, *group] = capsys.readouterr().out.splitlines()[1:]
    assert headings.split() == ["pipeline", "stage", "owner", "here", "in", "CRM"]
    assert group
    assert "EUR" not in " ".join(group)


def test_an_unread_record_is_a_failure(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for records in company.held.values():
        records.pop(next(iter(records)))
    company.publish()
    assert dealhouse(monkeypatch, "reconcile") == 1
    assert capsys.readouterr().out.count("1 unread") == 4


def test_half_of_all_deals_gone_is_not_explained_by_time(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ghosts = {f"9{number}": Held(f"9{number}", "us") for number in range(100)}
    company.held[Subject("us", "deals")] |= ghosts
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
    publish_records(company.places, [], {"moscow": company.world.now.replace(tzinfo=None)})
    assert dealhouse(monkeypatch, "reconcile", "-c", "us") == 1
    assert "dealhouse run --connection us" in capsys.readouterr().err
    company.settle("moscow", entities=["users"])
    assert dealhouse(monkeypatch, "reconcile", "-c", "moscow") == 2


def test_a_census_is_taken_under_the_lock_of_its_connection(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.publish()
    held: list[str] = []

    def noting(*arguments: Any) -> Taken:
        held.extend(name for name in CRMS if locks.holder_of(company.places.locks, name))
        return take_censuses(*arguments)

    monkeypatch.setattr(censuses, "take_censuses", noting)
    assert dealhouse(monkeypatch, "reconcile", "-c", "us") == 0
    assert held == ["us"]


def test_leads_may_be_contacts(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those without a stage are none; one of any age that is gone is missed."""
    mappings = {"leads_from": "lead_status"}
    company.settle("us", mappings=mappings, start_date="2026-06-01")
    given = company.portals["us"].connection_settings | {"name": "us", "mappings": mappings}
    us, source = Connection.model_validate(given), source_of("hubspot")
    wanted = [census for census in source.censuses if census.is_wanted(us)]
    [*_, leads] = take_censuses(us, source, wanted, Lake(company.places.home)).tables.values()
    contacts = leads.to_pylist()
    held = {
        row["native_id"]: Held(
            *(row["native_id"], "us", row["pipeline_id"], row["stage_id"], row["owner_id"], None),
            record_type="lead",
        )
        for row in contacts
        if row["stage_id"]
    }
    assert 0 < len(held) < len(contacts)
    company.held[Subject("us", "leads")] = held | {"9": Held("9", "us", record_type="lead")}
    company.publish()
    assert dealhouse(monkeypatch, "reconcile", "-c", "us") == 0
    told = f"us: {len(held) + 1} leads ({len(held)} equal, 1 deleted since)"
    assert told in capsys.readouterr().out
