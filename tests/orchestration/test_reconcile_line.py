"""The line after a run, with served portals and hand-made marts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from extract.core.census import Subject
from orchestration import reconciling
from orchestration.reconciling import reconcile_after
from tests.orchestration.company import CRMS, Company, company, dealhouse
from tests.orchestration.reconcilable import Held

if TYPE_CHECKING:
    import pytest

    from orchestration.cycle import Cycle

__all__ = ["company"]


def line_of(cycle: Cycle, capsys: pytest.CaptureFixture[str]) -> str:
    """What is printed at the end of a run, which is one line."""
    reconcile_after(cycle)
    [line] = capsys.readouterr().out.splitlines()
    return line.removeprefix("Reconciled with the CRMs: ")


def test_a_run_ends_with_one_line(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    company.publish()
    counts = {name: f"{company.count(name, 'deals')} deals and" for name in CRMS}
    leads = {name: f"{company.count(name, 'leads')} leads equal" for name in CRMS}
    equal = f"moscow {counts['moscow']} {leads['moscow']}; us {counts['us']} {leads['us']}."
    assert line_of(company.cycle(), capsys) == equal


def test_the_line_tells_which_records_differ(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    company.held[Subject("us", "leads")].popitem()
    company.publish()
    company.settle("moscow", entities=["deals"])
    deals, leads = company.count("us", "deals"), company.count("us", "leads")
    assert line_of(company.cycle(), capsys) == (
        f"moscow {company.count('moscow', 'deals')} deals equal;"
        f" us {deals} deals equal, {leads + 1} leads ({leads} equal, 1 unread)."
        " Look: dealhouse reconcile --records"
    )


def test_leads_that_nobody_has_are_not_worth_a_word(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(company.world, "leads", [])
    company.world.version += 1
    company.held[Subject("us", "leads")].clear()
    company.publish()
    company.settle("moscow", entities=["users"])
    assert line_of(company.cycle(), capsys) == f"us {company.count('us', 'deals')} deals equal."


def test_leads_that_a_portal_refuses_are_told_only_if_any_are_published(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    portal: Any = company.portals["us"].portal
    monkeypatch.setattr(portal.routes, "options", replace(portal.options, lead_refusal="404"))
    company.publish()
    company.settle("moscow", entities=["users"])
    deals = f"us {company.count('us', 'deals')} deals equal"
    assert line_of(company.cycle(), capsys) == f"{deals}; us leads not reconciled (the CRM refuses them)."
    assert dealhouse(monkeypatch, "reconcile", "-c", "us") == 0
    assert "us: leads not compared." in capsys.readouterr().out
    company.held[Subject("us", "leads")].clear()
    company.places.next_database.unlink()
    company.publish()
    assert line_of(company.cycle(), capsys) == f"{deals}."


def test_a_run_reads_no_large_portal_again(
    company: Company, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Deals and leads count apart, and leads that are contacts as contacts."""
    contacts = {str(key): Held(str(key), "us", record_type="contact") for key in range(11)}
    company.held[Subject("us", "contacts")] = contacts
    few = dict(list(company.held[Subject("us", "leads")].items())[:10])
    company.held[Subject("us", "leads")] = few
    company.publish()
    monkeypatch.setattr(reconciling, "RECONCILED_ALWAYS", 10)
    company.settle("us", entities=["deals"])
    moscow = f"{company.count('moscow', 'deals')} deals, {company.count('moscow', 'leads')} leads"
    assert line_of(company.cycle(), capsys) == (
        f"moscow not reconciled ({moscow}): dealhouse reconcile -c moscow;"
        f" us not reconciled ({company.count('us', 'deals')} deals): dealhouse reconcile -c us."
    )
    company.settle("us", entities=["contacts"], mappings={"leads_from": "lead_status"})
    assert line_of(company.cycle(), capsys).endswith(
        "us not reconciled (11 contacts): dealhouse reconcile -c us."
    )
    assert company.requests() == 0
    company.settle("us", entities=["deals", "leads"], mappings={})
    line = line_of(company.cycle(), capsys)
    assert "leads (10 equal" in line
    assert f"us not reconciled ({company.count('us', 'deals')} deals): dealhouse reconcile -c us." in line


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
