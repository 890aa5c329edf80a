"""Issues from their first day to their last: a fold over what landed, whatever happens in between."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

import pytest

from extract.core.lake import Lake
from orchestration.places import Places
from quality.rules import Rule
from tests.orchestration.issue_life import FIRST_DAY, Compiled, Life, Record, compile_models
from tests.orchestration.score_counts import COLUMNS, Counting

if TYPE_CHECKING:
    from pathlib import Path

ODD = Rule.model_validate(
    {
        "id": "deal_odd",
        "record_type": "deal",
        "severity": "error",
        "title": {"en": "Odd", "ru": "Odd"},
        "why": "It is odd.",
        "fix": "Make it even.",
        "parameters": {"days": 3},
    }
)
IDLE = ODD.model_copy(update={"id": "deal_idle", "reads": ("activity",), "severity": "info"})
ONE, TWO, THREE = Record(1, money=100), Record(2), Record(3)


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    return compile_models(tmp_path_factory.mktemp("compiled"))


@pytest.fixture
def life(tmp_path: Path, compiled: Compiled) -> Life:
    return Life(Places(tmp_path / "home"), compiled, (ODD, IDLE))


def statuses(life: Life) -> dict[str, str]:
    return {
        key.removeprefix("deal_odd:c:deal:"): status for key, status in life.issues("issue_key", "status")
    }


def test_the_first_look_is_a_baseline_and_later_findings_are_new(life: Life) -> None:
    life.day(1, ONE)
    assert life.issues("status", "is_baseline") == [("open", True)]
    life.day(2, ONE, TWO)
    assert statuses(life) == {"1": "open", "2": "new"}
    assert [row[0] for row in life.issues("is_baseline")] == [True, False]
    life.day(3, ONE, TWO)
    assert statuses(life) == {"1": "open", "2": "open"}


def test_an_issue_tells_where_it_is_and_whose(life: Life) -> None:
    life.day(1, ONE)
    columns = ("record_url", "record_name", "owner_name", "department", "severity", "detected_value")
    assert life.issues(*columns) == [("https://crm/1", "Deal 1", "Anna", "Sales", "error", "wrong")]
    life.day(2, Record(1, value="worse", money=7))
    assert life.issues("detected_value", "money_at_risk", "first_seen_at", "last_seen_at") == [
        ("worse", 7, datetime(2026, 6, 1, 10), datetime(2026, 6, 2, 10))  # noqa: DTZ001
    ]


def test_what_is_mended_is_resolved_and_what_comes_back_is_reopened(life: Life) -> None:
    life.day(1, ONE).day(2).day(3)
    columns = ("status", "resolution", "resolved_at", "last_seen_at", "reopened_count")
    assert life.issues(*columns) == [
        ("resolved", "fixed", datetime(2026, 6, 2, 10), datetime(2026, 6, 1, 10), 0)  # noqa: DTZ001
    ]
    life.day(4, ONE)
    assert life.issues(*columns)[0][0::2] == ("reopened", None, 1)
    life.day(5).day(6, ONE)
    assert life.issues("reopened_count", "resolution", "first_seen_at") == [
        (2, None, datetime(2026, 6, 1, 10))  # noqa: DTZ001
    ]


def test_an_open_issue_goes_with_its_record_to_the_next_owner(life: Life) -> None:
    passed_on = Record(1, money=100, owner="c:employee:2")
    life.day(1, ONE, TWO).day(2, passed_on, TWO).day(3, passed_on, TWO)
    landed = "select transition_at, owner_key from dealhouse.dq_transitions where transition = 'reassigned'"
    columns = ("owner_key", "status", "reopened_count", "is_baseline", "first_seen_at")
    life.build(passed_on, TWO)
    assert life.rows(landed) == [(datetime(2026, 6, 2, 10), "c:employee:2")]  # noqa: DTZ001
    assert life.issues(*columns)[0] == ("c:employee:2", "open", 0, True, datetime(2026, 6, 1, 10))  # noqa: DTZ001
    life.day(4, TWO)
    assert life.issues("owner_key", "status", "resolution")[0] == ("c:employee:2", "resolved", "fixed")
    life.day(5, ONE, TWO)
    assert life.issues("owner_key", "status", "reopened_count")[0] == ("c:employee:1", "reopened", 1)


def test_what_is_passed_on_is_neither_new_nor_resolved_in_the_scores(life: Life) -> None:
    life.day(1, ONE).day(8, Record(1, money=100, owner="c:employee:2")).day(15, deleted=(1,))
    query = "select week_start_date, owner_key, new_issue_count, resolved_issue_count, error_count"
    assert life.rows(
        f"{query} from serving.data_quality.dq_scorecards where error_count > 0 order by all"
    ) == [
        (date(2026, 6, 1), "c:employee:2", 1, 0, 1),
        (date(2026, 6, 8), "c:employee:2", 0, 0, 1),
    ]


def test_what_a_rule_takes_back_is_not_fixed(life: Life) -> None:
    life.day(1, ONE, TWO, THREE).day(2, THREE, withdrawn=(1, 3))
    assert life.issues("status", "resolution") == [
        ("resolved", "rule_changed"),
        ("resolved", "fixed"),
        ("open", None),
    ]


def test_a_deleted_and_a_merged_record_say_so(life: Life) -> None:
    life.day(1, ONE, TWO, THREE).day(2, THREE, deleted=(1,), merged=(2,))
    assert life.issues("status", "resolution") == [
        ("resolved", "deleted"),
        ("resolved", "merged"),
        ("open", None),
    ]


def test_an_incomplete_entity_closes_nothing(life: Life) -> None:
    life.day(1, ONE).day(2, TWO, incomplete=("deals",))
    assert statuses(life) == {"1": "open", "2": "new"}, "what the gap hides is still there"
    life.day(3, TWO, incomplete=("contacts",))
    assert statuses(life)["1"] == "resolved", "contacts are nothing that this rule looks at"


def test_a_rule_that_is_judged_by_activities_closes_nothing_while_they_are_incomplete(life: Life) -> None:
    idle = Record(1, rule="deal_idle")
    life.day(1, ONE, idle).day(2, incomplete=("activities",))
    assert life.issues("rule_id", "status") == [("deal_idle", "open"), ("deal_odd", "resolved")]


def test_what_appears_while_activities_are_incomplete_is_news_once_they_were_read(life: Life) -> None:
    idle, late = (Record(number, rule="deal_idle") for number in (1, 2))
    life.day(1, idle).day(2, idle, late, incomplete=("activities",))
    assert life.issues("status") == [("open",)]
    life.day(3, idle, late)
    assert life.issues("status", "is_baseline") == [("open", True), ("new", False)]


def test_a_rule_on_activities_is_silent_until_a_connection_reads_them(life: Life) -> None:
    idle = Record(1, rule="deal_idle")
    life.day(1, ONE, idle, unread=("activities",))
    assert life.issues("rule_id") == [("deal_odd",)]
    life.day(2, ONE, idle)
    assert life.issues("rule_id", "status", "is_baseline") == [
        ("deal_idle", "open", True),
        ("deal_odd", "open", True),
    ]


def test_a_changed_rule_closes_nothing_while_its_records_are_incomplete(life: Life) -> None:
    life.day(1, ONE)
    life.rules = (ODD.model_copy(update={"parameters": {"days": 5}}), IDLE)
    life.day(2, incomplete=("deals",))
    assert statuses(life) == {"1": "open"}
    life.day(3)
    assert life.issues("status", "resolution") == [("resolved", "rule_changed")]


def test_a_changed_rule_is_a_baseline_again_and_what_it_drops_is_no_success(life: Life) -> None:
    life.day(1, ONE)
    life.rules = (ODD.model_copy(update={"parameters": {"days": 5}}), IDLE)
    life.day(2, TWO)
    assert life.issues("status", "resolution", "is_baseline") == [
        ("resolved", "rule_changed", True),
        ("open", None, True),
    ]
    life.day(3, TWO, THREE)
    assert statuses(life)["3"] == "new"


def test_a_rule_switched_off_and_on_again_brings_no_news(life: Life) -> None:
    life.day(1, ONE)
    life.rules = (ODD.model_copy(update={"enabled": False}), IDLE)
    life.day(2, ONE)
    assert life.issues("status", "resolution") == [("resolved", "rule_changed")]
    life.rules = (ODD, IDLE)
    life.day(3, ONE, TWO)
    assert life.issues("status", "is_baseline") == [("reopened", True), ("open", True)]


def test_another_severity_or_title_is_no_other_rule(life: Life) -> None:
    life.day(1, ONE)
    life.rules = (ODD.model_copy(update={"severity": "info"}), IDLE)
    life.day(2, ONE, TWO)
    assert life.issues("status", "severity") == [("open", "info"), ("new", "info")]


def test_a_mute_holds_until_its_day(life: Life) -> None:
    life.day(1, ONE)
    life.mute(ONE, date(2026, 6, 3))
    life.day(2, ONE)
    assert life.issues("status", "muted_until", "muted_by", "mute_reason") == [
        ("muted", date(2026, 6, 3), "me", "known")
    ]
    life.day(3, ONE)
    assert life.issues("status", "muted_until") == [("open", None)]
    life.mute(ONE, date(2026, 7, 1))
    life.mute(ONE, None)
    life.day(4, ONE)
    assert life.issues("status") == [("open",)]


def test_a_muted_issue_that_is_mended_is_resolved(life: Life) -> None:
    life.day(1, ONE)
    life.mute(ONE, date(2026, 7, 1))
    life.day(2)
    assert life.issues("status") == [("resolved",)]


def test_a_run_cut_short_after_landing_lands_nothing_twice(life: Life) -> None:
    life.day(1, ONE)
    before = life.issues()
    life.build(ONE)
    assert life.land() == 0
    assert life.issues() == before
    life.read(2)
    life.build(ONE, TWO)
    assert life.land() == 1
    assert life.land() == 0, "the same build again"
    life.build(ONE, TWO)
    assert life.land() == 0, "another build of the same"
    assert statuses(life) == {"1": "open", "2": "new"}


def test_the_same_lake_gives_the_same_issues_to_a_new_warehouse(life: Life) -> None:
    life.day(1, ONE, TWO).day(2, ONE, THREE, deleted=(2,)).day(3, ONE, THREE, deleted=(2,))
    before = life.issues()
    scores = life.rows("select * from serving.data_quality.dq_scorecards order by all")
    life.lose_warehouse()
    life.build(ONE, THREE, deleted=(2,))
    assert life.issues() == before
    assert life.rows("select * from serving.data_quality.dq_scorecards order by all") == scores
    assert life.land() == 0


def test_a_refused_build_leaves_no_trace(life: Life) -> None:
    life.day(1, ONE)
    life.read(2)
    life.build(ONE, TWO)
    life.build(ONE)
    assert life.land() == 0
    assert statuses(life) == {"1": "open"}


def test_no_rule_counts_before_its_records_were_read(life: Life) -> None:
    life.day(1, incomplete=("deals", "deal_stage_history"))
    life.day(2, ONE)
    assert life.issues("status", "is_baseline") == [("open", True)]


def test_scorecards_add_up_week_by_week(life: Life) -> None:
    life.day(1, ONE, TWO).day(3, ONE).day(8, ONE, Record(1, rule="deal_idle", money=250)).day(15, THREE)
    query = (
        "select week_start_date, record_count, clean_record_count, new_issue_count, resolved_issue_count,"
        " error_count, warning_count, info_count, money_at_risk"
        " from serving.data_quality.dq_scorecards order by week_start_date"
    )
    assert life.rows(query) == [
        (date(2026, 6, 1), 9, 8, 2, 1, 1, 0, 0, 100),
        (date(2026, 6, 8), 9, 8, 1, 0, 1, 0, 1, 250),
        (date(2026, 6, 15), 9, 8, 1, 2, 1, 0, 0, 0),
    ]


def test_every_week_of_the_report_of_cleanliness_is_counted_from_the_transitions(life: Life) -> None:
    random, gone = Random(4), (3, 7)
    life.owners = {number: f"c:employee:{1 + number % 3}" for number in range(1, 10)}
    for day in (1, 3, 8, 11, 17, 30, 31):
        flagged = [
            Record(
                number, rule=rule, money=random.randint(0, 900), owner=f"c:employee:{random.randint(1, 3)}"
            )
            for number in range(1, 10)
            for rule in ("deal_odd", "deal_idle")
            if random.random() < 0.5 and (day < 17 or number not in gone)
        ]
        life.day(day, *flagged, deleted=gone if day >= 17 else ())
    alive = {f"c:deal:{number}": owner for number, owner in life.owners.items() if number not in gone}
    transitions = Lake(life.places.home).own_rows("dq_transitions")
    severities = {"deal_odd": "error", "deal_idle": "info"}
    counting = Counting(transitions, alive, severities, (FIRST_DAY + timedelta(days=30)).date())
    assert {one["transition"] for one in transitions} == {"baseline", "appeared", "reassigned", "gone"}
    report = f"select {', '.join(COLUMNS)} from serving.marts.rpt_crm_cleanliness order by all"
    assert life.rows(report) == counting.rows()
