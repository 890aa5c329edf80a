"""The report of cleanliness, counted week by week from the landed transitions alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WEEK = timedelta(days=7)
COUNTS = ("record_count", "clean_record_count", "new_issue_count", "resolved_issue_count")
SEVERITIES = ("error_count", "warning_count", "info_count")
COLUMNS = ("week_start_date", "employee_key", *COUNTS, *SEVERITIES, "money_at_risk")
Transition = dict[str, Any]
Issue = list[Transition]


@dataclass(frozen=True)
class Counting:
    """What is counted.

    Attributes:
        transitions: Everything that landed.
        owners: Who owns each record that is still there.
        severities: That of each rule.
        last_day: The day of the last data.
    """

    transitions: Iterable[Transition]
    owners: Mapping[str, str]
    severities: Mapping[str, str]
    last_day: date

    def rows(self) -> list[tuple[Any, ...]]:
        """The report in the order of `COLUMNS`."""
        issues: dict[tuple[str, str], Issue] = defaultdict(list)
        ordered = sorted(self.transitions, key=lambda one: (one["transition_at"], one["transition_number"]))
        for one in ordered:
            if one["transition"] != "baseline":
                issues[one["rule_id"], one["record_key"]].append(one)
        monday = _monday(ordered[0]["transition_at"].date())
        rows = []
        while monday <= self.last_day:
            rows += self._week(monday, list(issues.values()))
            monday += WEEK
        return rows

    def _week(self, monday: date, issues: list[Issue]) -> list[tuple[Any, ...]]:
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        at_risk: dict[str, Decimal] = {}
        for issue in issues:
            record_key = issue[0]["record_key"]
            of_owner = counts[self._owner(record_key, issues)]
            for one in issue:
                if _monday(one["transition_at"].date()) == monday:
                    of_owner["new_issue_count"] += one["transition"] == "appeared"
                    of_owner["resolved_issue_count"] += one["transition"] == "gone"
            past = [one for one in issue if one["transition_at"].date() < monday + WEEK]
            if past and past[-1]["transition"] != "gone":
                of_owner[f"{self.severities[issue[0]['rule_id']]}_count"] += 1
                money = [one["money_at_risk"] for one in past if one["transition"] == "appeared"][-1]
                at_risk[record_key] = max(money, at_risk.get(record_key, Decimal(0)))
        for record_key, owner in self.owners.items():
            counts[owner]["record_count"] += 1
            counts[owner]["clean_record_count"] += record_key not in at_risk
        money_of: dict[str, Decimal] = defaultdict(Decimal)
        for record_key, money in at_risk.items():
            money_of[self._owner(record_key, issues)] += money
        return [
            (monday, owner, *(of_owner[name] for name in (*COUNTS, *SEVERITIES)), money_of[owner])
            for owner, of_owner in sorted(counts.items())
            if any(of_owner.values())
        ]

    def _owner(self, record_key: str, issues: list[Issue]) -> str:
        """Who has the record now; of a deleted one whoever had it last."""
        last = max(
            (one for issue in issues for one in issue if one["record_key"] == record_key),
            key=lambda one: (one["transition_at"], one["transition_number"]),
        )
        return self.owners.get(record_key, last["owner_key"])


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
