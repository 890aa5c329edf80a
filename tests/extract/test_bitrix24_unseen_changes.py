"""Changes that no time of change tells of are found all the same: with others at once, or within a week."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from extract.sources.bitrix24 import activities
from simulator.bitrix24.acts import bindings_of
from simulator.model import Binding
from tests.extract.portals import portal
from tests.extract.test_bitrix24 import set_deleted
from tests.extract.test_bitrix24_clients import assert_equal_to_the_portal, change, listed_activity

if TYPE_CHECKING:
    from pathlib import Path

    from simulator.model import Activity, Deal, World


def other_deal(world: World, activity: Activity) -> Deal:
    """A deal that an activity does not hang on."""
    bound = bindings_of(activity.state_at(world.now))
    return next(
        deal
        for deal in world.deals
        if deal.exists_at(world.now) and Binding("deal", deal.number) not in bound and not deal.is_template
    )


def test_activities_that_go_over_to_another_record_are_read_with_it(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path, rebinds_silently=True) as tried:
        tried.cycle()
        activity = listed_activity(world)
        survivor = other_deal(world, activity)
        change(world, activity, "bindings", (Binding("deal", survivor.number),))
        change(world, survivor, "title", "took the other one over")
        tried.cycle()
        assert_equal_to_the_portal(tried)
        assert {run.rows for run in tried.cycle().values()} == {0}


@pytest.mark.parametrize("option", ["refused_filters", "ignored_filters"])
def test_a_portal_that_cannot_list_by_owner_is_read_all_the_same(
    world: World, tmp_path: Path, option: str
) -> None:
    owner: dict[str, Any] = {option: frozenset({"OWNER_ID", "OWNER_TYPE_ID"})}
    with portal(world, "bitrix24", tmp_path, **owner) as tried:
        tried.cycle()
        quiet = tried.cycle()["activities"].requests
        change(world, world.deals[0], "title", "changed")
        run = tried.cycle()["activities"]
        assert run.error is None
        assert run.requests <= quiet + 4, "all activities were asked for"
        assert_equal_to_the_portal(tried)


def test_after_a_change_of_all_records_their_activities_wait(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities, "MOST_OWNERS", 1)
    with portal(world, "bitrix24", tmp_path, rebinds_silently=True) as tried:
        tried.cycle()
        activity = listed_activity(world)
        survivor = other_deal(world, activity)
        change(world, activity, "bindings", (Binding("deal", survivor.number),))
        change(world, survivor, "title", "took the other one over")
        change(world, other_deal(world, activity), "title", "changed as well")
        change(world, world.contacts[0], "comments", "changed as well")
        tried.cycle()
        with pytest.raises(AssertionError):
            assert_equal_to_the_portal(tried)
        world.advance(7)
        tried.cycle(is_thorough=True)
        assert_equal_to_the_portal(tried)


@pytest.mark.parametrize("days", [5, 7])
def test_a_thorough_cycle_reads_all_again_once_a_week(world: World, tmp_path: Path, days: int) -> None:
    with portal(world, "bitrix24", tmp_path, rebinds_silently=True) as tried:
        tried.cycle()
        world.advance(days)
        tried.cycle()
        # Neither the activity nor the record that owns it shows a change.
        activity = listed_activity(world)
        bound = bindings_of(activity.state_at(world.now))
        change(world, activity, "bindings", (*bound, Binding("deal", other_deal(world, activity).number)))
        deal = world.deals[0]
        silent = replace(deal.changes[-1], name="title", value="changed by a robot")
        deal.changes.append(silent)
        world.version += 1
        tried.cycle()
        with pytest.raises(AssertionError):
            assert_equal_to_the_portal(tried)
        tried.cycle(is_thorough=True)
        if days >= 7:
            assert_equal_to_the_portal(tried)
        else:
            with pytest.raises(AssertionError):
                assert_equal_to_the_portal(tried)


def test_where_no_cycle_is_thorough_any_reads_all_again(world: World, tmp_path: Path) -> None:
    with portal(world, "bitrix24", tmp_path, rebinds_silently=True) as tried:
        tried.cycle()
        world.advance(9)
        activity = listed_activity(world)
        bound = bindings_of(activity.state_at(world.now))
        change(world, activity, "bindings", (*bound, Binding("deal", other_deal(world, activity).number)))
        tried.cycle()
        assert_equal_to_the_portal(tried)


def test_a_record_that_a_later_walk_finds_restored_has_its_history(world: World, tmp_path: Path) -> None:
    victim = next(deal for deal in world.deals if deal.exists_at(world.now) and not deal.is_template)
    set_deleted(world, victim.number, is_deleted=True)
    with portal(world, "bitrix24", tmp_path) as tried:
        tried.cycle()
        assert str(victim.number) not in tried.present("deals")
        world.advance(9)
        victim.changes.append(replace(victim.changes[-1], value=False))  # its time of change is an old one
        world.version += 1
        tried.cycle()
        assert str(victim.number) in tried.present("deals")
        index = tried.running.portal.index
        index.refresh()
        assert {str(row.key) for row in index.history} <= tried.present("deal_stage_history").keys()
