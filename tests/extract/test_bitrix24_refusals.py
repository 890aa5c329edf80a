"""Bitrix24 portals that refuse methods, rights or everything: what is missing is named, the rest is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from extract.core.errors import AuthenticationError, MissingScopeError, SourceError, TransientError
from extract.sources import source_of
from extract.sources.bitrix24 import pacing, records
from extract.sources.bitrix24.errors import explain
from simulator.bitrix24.errors import BitrixError, out_of_time
from tests.extract.bitrix24_rows import assert_all_is_read, shown
from tests.extract.portals import portal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from simulator.model import World


@pytest.mark.parametrize(
    ("options", "entity"),
    [
        ({"missing_scopes": frozenset({"department"})}, "departments"),
        ({"missing_scopes": frozenset({"user"})}, "users"),
        ({"missing_methods": frozenset({"crm.currency.list"})}, "currencies"),
        ({"missing_methods": frozenset({"crm.address.list"})}, "addresses"),
        ({"missing_scopes": frozenset({"task"}), "scope_error": "INVALID_CREDENTIALS"}, "tasks"),
    ],
)
def test_what_a_portal_does_not_offer_is_named_and_the_cycle_is_complete(
    still_world: World, tmp_path: Path, options: dict[str, Any], entity: str
) -> None:
    with portal(still_world, "bitrix24", tmp_path, **options) as tried:
        runs = tried.cycle(entities=[entity, "pipelines"])
        assert [run.entity for run in runs.values() if run.error] == [entity]
        assert all(run.is_complete or not run.is_required for run in runs.values())
        findings = {finding.name: finding for finding in source_of("bitrix24").probe(tried.connection)}
        assert not findings[entity].is_ok
        assert not findings[entity].is_needed


def test_a_webhook_that_may_call_nothing_is_not_accepted(still_world: World, tmp_path: Path) -> None:
    clocks = {"profile", "server.time", "crm.settings.mode.get", "crm.category.list"}
    with (
        portal(still_world, "bitrix24", tmp_path, missing_methods=frozenset(clocks)) as tried,
        pytest.raises(AuthenticationError, match="may not even ask"),
    ):
        tried.cycle()


@pytest.mark.parametrize(("status", "kind"), [(401, AuthenticationError), (403, MissingScopeError)])
def test_credentials_refused_are_about_the_webhook_or_one_method(
    status: int, kind: type[SourceError]
) -> None:
    assert isinstance(explain(status, "INVALID_CREDENTIALS", "Invalid request credentials", ""), kind)


@pytest.mark.parametrize("status", [408, 425, 429])
def test_what_a_gateway_refuses_for_now_is_tried_again(status: int) -> None:
    assert isinstance(explain(status, "TOO_MANY_REQUESTS", "Slow down", ""), TransientError)


@pytest.mark.parametrize(
    ("code", "description", "what", "next_step"),
    [
        (
            "INVALID_REQUEST",
            "Https required.",
            "the portal wants to be asked over TLS.",
            "Write url with https://.",
        ),
        ("ACCESS_DENIED", "Access denied.", "not allowed: Access denied.", "Give the webhook the scopes"),
    ],
)
def test_a_refusal_says_what_to_do_in_whole_sentences(
    code: str, description: str, what: str, next_step: str
) -> None:
    error = explain(400, code, description, "")
    assert error.what == what
    assert error.next_step.startswith(next_step)


def test_the_probe_says_so_when_the_owner_is_unknown(still_world: World, tmp_path: Path) -> None:
    with portal(still_world, "bitrix24", tmp_path, missing_methods=frozenset({"profile"})) as tried:
        findings = {finding.name: finding for finding in source_of("bitrix24").probe(tried.connection)}
    assert findings["token"].is_ok
    assert "unknown" in findings["token"].detail
    assert "administrator" not in findings


@pytest.mark.parametrize("cause", ["missing_methods", "scope"])
def test_activities_are_complete_where_their_bindings_may_not_be_read(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cause: str
) -> None:
    method = "crm.activity.binding.list"
    options: dict[str, Any] = {"missing_methods": frozenset({method})} if cause == "missing_methods" else {}
    with portal(still_world, "bitrix24", tmp_path, **options) as tried:
        if not options:
            monkeypatch.setitem(tried.running.portal.methods.table, method, _refuse)
        runs = tried.cycle(entities=["activities", "activity_bindings"])
        assert runs["activities"].is_complete
        assert tried.present("activities").keys() == shown(tried, "activities")
        assert not runs["activity_bindings"].is_complete
        assert not runs["activity_bindings"].is_required
        assert method in (runs["activity_bindings"].error or "")


def _refuse(_parameters: dict[str, Any]) -> Any:
    raise BitrixError(403, "ACCESS_DENIED", "Access denied.")


def test_options_of_enumerations_come_from_the_classic_method_where_fields_have_none(
    still_world: World, tmp_path: Path
) -> None:
    with portal(still_world, "bitrix24", tmp_path / "new") as tried:
        tried.cycle(entities=["deal_fields"])
        told = tried.present("deal_fields").values()
    options_told = {field["upperName"]: field.get("items") for field in told}
    assert any(options_told.values())
    for options in ({}, {"has_original_names": False}):
        home = tmp_path / f"old{len(options)}"
        with portal(still_world, "bitrix24", home, has_options_in_fields=False, **options) as tried:
            tried.cycle(entities=["deal_fields"])
            found = tried.present("deal_fields").values()
        assert {field["upperName"]: field.get("items") for field in found} == options_told


def test_lost_rights_over_thousands_are_refused_by_a_sample(
    larger_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "SAMPLE", 49)
    with portal(larger_world, "bitrix24", tmp_path) as tried:
        tried.cycle(entities=["activities"])
    everybody = frozenset(employee.number for employee in larger_world.employees)
    with portal(larger_world, "bitrix24", tmp_path, hidden_owners=everybody) as tried:
        run = tried.cycle(entities=["activities"])["activities"]
        assert "lost permissions" in (run.error or "")
        assert run.requests < 10


def test_a_blocked_method_holds_up_no_other(
    still_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of two methods is blocked until the other is asked."""
    monkeypatch.setattr(pacing, "MOST_REFUSALS", 8)
    methods = {"tasks.task.list", "crm.item.list"}
    asked: set[str] = set()

    def blocked(method: str, serve: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
        def served(parameters: dict[str, Any]) -> Any:
            asked.add(method)
            if asked != methods:
                raise out_of_time()
            return serve(parameters)

        return served

    with portal(still_world, "bitrix24", tmp_path) as tried:
        table = tried.running.portal.methods.table
        for method in methods:
            monkeypatch.setitem(table, method, blocked(method, table[method]))
        assert_all_is_read(tried, ["tasks", "deals"])
