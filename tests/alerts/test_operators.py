from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.alerts.problems import INCOMPLETE, RUN_KINDS, STALE, Problem

if TYPE_CHECKING:
    from tests.alerts.conftest import Look
    from tests.alerts.home import Home
    from tests.alerts.servers import Webhook

OPERATORS = {"name": "operators", "to": "operators", "channel": "chat"}
CHECKED = RUN_KINDS | {INCOMPLETE, STALE}
FAILED = Problem("run_failed", "extract", "The portal did not answer 3 times.")


def test_a_failed_run_is_told_once_and_that_it_works_again_too(home: Home, look: Look, hook: Webhook) -> None:
    look(OPERATORS, found=[FAILED], checked=CHECKED)
    again = Problem("run_failed", "extract", "The portal did not answer 4 times.")
    look(OPERATORS, found=[again], checked=CHECKED)
    look(OPERATORS, found=[], checked=CHECKED)
    look(OPERATORS, found=[], checked=CHECKED)
    look(OPERATORS, found=[FAILED], checked=CHECKED)
    titles = [message["title"] for message in hook.messages]
    assert titles == ["Dealhouse: 1 problem", "Dealhouse: 1 solved", "Dealhouse: 1 problem"]
    assert "The portal did not answer 3 times." in hook.messages[0]["message"]
    assert "Works again: The run failed: extract" in hook.messages[1]["message"]
    assert hook.messages[0]["type"] == "warning"


def test_another_reason_is_news_and_solves_nothing(home: Home, look: Look, hook: Webhook) -> None:
    look(OPERATORS, found=[FAILED], checked=CHECKED)
    look(OPERATORS, found=[Problem("run_failed", "extract", "The disk is full.")], checked=CHECKED)
    assert "The disk is full." in hook.messages[1]["message"]
    assert "Works again" not in hook.messages[1]["message"]


def test_a_run_that_fails_elsewhere_does_not_work_again(home: Home, look: Look, hook: Webhook) -> None:
    look(OPERATORS, found=[FAILED], checked=CHECKED)
    look(OPERATORS, found=[Problem("publication_refused", "next", "row_drop")], checked=CHECKED)
    assert [message["title"] for message in hook.messages] == ["Dealhouse: 1 problem"] * 2


def test_what_was_not_looked_at_is_not_solved(home: Home, look: Look, hook: Webhook) -> None:
    look(OPERATORS, found=[Problem("publication_refused", "", "row_drop")], checked=CHECKED)
    look(OPERATORS)
    assert len(hook.messages) == 1


def test_operators_who_come_later_learn_what_is_wrong(home: Home, look: Look, hook: Webhook) -> None:
    look({"name": "a", "to": "analyst", "channel": "chat"}, found=[FAILED], checked=CHECKED)
    assert not hook.messages
    look(OPERATORS, found=[FAILED], checked=CHECKED)
    look(OPERATORS, found=[FAILED], checked=CHECKED)
    assert [message["title"] for message in hook.messages] == ["Dealhouse: 1 problem"]


def test_many_problems_are_cut_and_counted(home: Home, look: Look, hook: Webhook) -> None:
    found = [Problem("source_stale", f"c{letter}") for letter in "abcdefgh"]
    look(OPERATORS | {"max_rows": 3}, found=found, checked=CHECKED)
    (message,) = hook.messages
    assert message["title"] == "Dealhouse: 8 problems"
    assert "and 5 more" in message["message"]


def test_what_operators_channel_refuses_waits_and_is_told_when_it_works(
    home: Home, look: Look, hook: Webhook
) -> None:
    hook.status = 500
    look(OPERATORS, found=[FAILED], checked=CHECKED)
    hook.status = 200
    look(OPERATORS, found=[FAILED], checked=CHECKED)
    text = hook.messages[0]["message"]
    assert "The run failed: extract" in text
    assert "Alerts do not get through" in text


def test_a_department_that_is_not_there_is_told(home: Home, look: Look, hook: Webhook) -> None:
    home.lands()
    route = {"name": "north", "to": "manager", "department": "Nord", "channel": "chat"}
    look(route, OPERATORS)
    assert "There is no such department: north, Nord" in hook.messages[0]["message"]
