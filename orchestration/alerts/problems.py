"""What operators are told: the state of things as problems that appear and are solved, each told once."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestration.alerts.outbox import Item

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from orchestration.alerts.outbox import Lost, Outbox

# What a look at them can solve; an alert that may be lost stays so.
RUN_KINDS = frozenset({"run_failed", "publication_refused"})
INCOMPLETE, STALE = "source_incomplete", "source_stale"
ADDRESS_KINDS = frozenset({"no_address", "no_department"})
CHANNEL_KIND = "channel_failed"
LOST_KIND = "delivery_unknown"
LONGEST_TEXT = 600


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: its kind, what it is about, and what was said."""

    kind: str
    subject: str
    text: str = ""

    @property
    def key(self) -> str:
        """The same while the same is wrong: counts and times in its text may change."""
        said = re.sub(r"\d+", "", self.text)
        return hashlib.sha256(f"{self.kind}|{self.subject}|{said}".encode()).hexdigest()[:16]


def changes(
    outbox: Outbox, now: Collection[Problem], is_checked: Callable[[str, str], bool], moment: str
) -> list[Item]:
    """What appeared and what was solved since operators were told last; the outbox knows it from now on.

    Args:
        outbox: The outbox.
        now: What is wrong.
        is_checked: Whether a kind and subject was looked at: what is not wrong any more is solved.
        moment: Now, so that the same problem may come and go more than once.
    """
    known = outbox.problems()
    current = {problem.key: problem for problem in now}
    items = []
    for key, problem in current.items():
        if key not in known:
            text = problem.text[:LONGEST_TEXT]
            outbox.open_problem(key, problem.kind, problem.subject, text)
            items.append(Item(f"{key}@{moment}", "problem", problem.kind, problem.subject, text))
    subjects = {(problem.kind, problem.subject) for problem in now}
    is_run_wrong = any(problem.kind in RUN_KINDS for problem in now)
    for key, (kind, subject, _) in known.items():
        if key not in current and is_checked(kind, subject):
            outbox.solve_problem(key)
            # Still wrong, for another reason: that one is told, nothing is solved.
            if (kind, subject) not in subjects and not (is_run_wrong and kind in RUN_KINDS):
                items.append(Item(f"{key}-@{moment}", "solved", kind, subject))
    return items


def open_items(outbox: Outbox, moment: str) -> list[Item]:
    """What is wrong already, for operators who are told for the first time."""
    return [
        Item(f"{key}@{moment}", "problem", kind, subject, text)
        for key, (kind, subject, text) in outbox.problems().items()
    ]


def lost_items(lost: Iterable[Lost]) -> list[Item]:
    """Messages that a killed process was sending."""
    return [
        Item(f"lost-{one.delivery_id}", "problem", LOST_KIND, _whom(one), f"({one.news_count})")
        for one in lost
    ]


def _whom(lost: Lost) -> str:
    return f"{lost.route}, {lost.label}" if lost.label else lost.route
