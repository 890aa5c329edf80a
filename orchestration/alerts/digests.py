"""News as a digest: by rule, what is new, what is resolved, what was there from the beginning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from orchestration.alerts.outbox import ISSUE_KINDS
from orchestration.alerts.published import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from orchestration.alerts.outbox import Item
    from orchestration.alerts.published import Issue, OpenIssues

SEVERITIES = ("error", "warning", "info")
# Their names and values are those of people outside the company.
PRIVATE_TYPES = frozenset({"contact", "lead", "any"})
UNREADABLE = "record_value_unreadable"
LONGEST_VALUE = 120
# Kinds of news that a recipient knew nothing of before.
_UNKNOWN_BEFORE = frozenset({"appeared", "came"})
_EMAIL = re.compile(r"[^\s@<>\"']+@[^\s@<>\"']+\.\w+")
# Nine digits or more, whatever people write between them, or seven grouped as within a town: days have eight.
_PHONE = re.compile(
    r"\(?\+?\d(?:[\s().\-/\u2010-\u2015]{0,4}\d){8,}"
    r"|(?<!\d)\d{3}[-\u2010-\u2015]\d{2}[-\u2010-\u2015]\d{2}(?!\d)"
)


@dataclass(frozen=True)
class Row:
    """One issue as it is told; one that is passed on came with its record and is news to who has it now."""

    issue: Issue
    name: str | None
    value: str
    is_new: bool
    is_passed_on: bool = False

    @property
    def link(self) -> str:
        """Where the record opens; a text that is no web address is none."""
        url = self.issue.record_url or ""
        return url if url.startswith(("https://", "http://")) else ""


@dataclass(frozen=True)
class Group:
    """The news of one rule; `rows` are those that are shown."""

    rule_id: str
    severity: str
    new_count: int
    resolved_count: int
    money_at_risk: Decimal
    rows: tuple[Row, ...]

    @property
    def hidden_count(self) -> int:
        """How many are counted, but not shown."""
        return self.new_count + self.resolved_count - len(self.rows)


@dataclass(frozen=True)
class Summary:
    """What a rule found when it looked for the first time."""

    rule_id: str
    severity: str
    issue_count: int
    money_at_risk: Decimal


@dataclass(frozen=True)
class Digest:
    """The content of one message."""

    groups: tuple[Group, ...] = ()
    summaries: tuple[Summary, ...] = ()
    problems: tuple[Item, ...] = ()
    hidden_problems: int = 0
    new_count: int = 0
    resolved_count: int = 0
    money_at_risk: Decimal = Decimal(0)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.groups or self.summaries or self.problems)


def digest_of(
    items: Sequence[Item],
    issues: Mapping[str, Issue],
    open_issues: Iterable[OpenIssues],
    *,
    max_rows: int,
    show_values: bool,
) -> Digest:
    """The digest of some news as things are now.

    Args:
        items: The news.
        issues: The issues they speak of, as published; without those of others by now.
        open_issues: What is open and meant for this recipient, counted.
        max_rows: How many issues or problems are shown at most.
        show_values: Whether names and values of contacts may be told.
    """
    told = _net(items, issues)
    rows = [_row(issue, kind, show_values=show_values) for issue, kind in told]
    rows.sort(key=lambda row: (not row.is_new, -row.issue.money_at_risk, row.issue.record_key))
    new = [row.issue for row in rows if row.is_new]
    problems = [item for item in items if item.kind in {"problem", "solved"}]
    return Digest(
        groups=_groups(rows, max_rows),
        summaries=_summaries(items, new, open_issues),
        problems=tuple(problems[:max_rows]),
        hidden_problems=max(0, len(problems) - max_rows),
        new_count=len(new),
        resolved_count=len(rows) - len(new),
        money_at_risk=_money(new),
    )


def _net(items: Iterable[Item], issues: Mapping[str, Issue]) -> list[tuple[Issue, str]]:
    """Each issue once, with what it began with: what came and went untold is no news."""
    first: dict[str, str] = {}
    for item in items:
        if item.kind in ISSUE_KINDS:
            first.setdefault(item.subject, item.kind)
    told = []
    for key, kind in first.items():
        issue = issues.get(key)
        if issue is None:
            continue  # forgotten since, or somebody else's
        is_open = issue.status in OPEN
        if is_open == (kind in _UNKNOWN_BEFORE):
            told.append((issue, kind))
    return told


def _row(issue: Issue, kind: str, *, show_values: bool) -> Row:
    is_new, is_passed_on = kind in _UNKNOWN_BEFORE, kind == "came"
    is_private = issue.record_type in PRIVATE_TYPES or issue.rule_id == UNREADABLE
    value = " ".join((issue.detected_value or "").split())[:LONGEST_VALUE]
    title = " ".join((issue.record_name or "").split())[:LONGEST_VALUE]
    if show_values:
        return Row(issue, title or None, value, is_new, is_passed_on)
    name = None if issue.record_type in PRIVATE_TYPES else _without_contacts(title)
    return Row(issue, name or None, "" if is_private else _EMAIL.sub("***", value), is_new, is_passed_on)


def _without_contacts(text: str) -> str:
    """A title without the phone or address that somebody wrote into it."""
    return _PHONE.sub("***", _EMAIL.sub("***", text))


def _groups(rows: Sequence[Row], max_rows: int) -> tuple[Group, ...]:
    by_rule: dict[tuple[int, str], list[Row]] = {}
    for row in rows:
        by_rule.setdefault((_rank(row.issue.severity), row.issue.rule_id), []).append(row)
    ordered = [by_rule[key] for key in sorted(by_rule)]
    shares = _shares([len(found) for found in ordered], max_rows)
    return tuple(_group(found, share) for found, share in zip(ordered, shares, strict=True))


def _group(rows: Sequence[Row], shown: int) -> Group:
    new = [row.issue for row in rows if row.is_new]
    issue = rows[0].issue
    return Group(
        issue.rule_id, issue.severity, len(new), len(rows) - len(new), _money(new), tuple(rows[:shown])
    )


def _shares(counts: Sequence[int], total: int) -> list[int]:
    """How many rows each rule may show: a row each in turn, so that no rule hides the others."""
    shares = [0] * len(counts)
    left = min(total, sum(counts))
    while left:
        for position, count in enumerate(counts):
            if left and shares[position] < count:
                shares[position] += 1
                left -= 1
    return shares


def _summaries(
    items: Iterable[Item], new: Iterable[Issue], open_issues: Iterable[OpenIssues]
) -> tuple[Summary, ...]:
    baselines = {(item.subject, item.connection) for item in items if item.kind == "baseline"}
    is_start = any(item.kind == "start" for item in items)
    if not baselines and not is_start:
        return ()
    found: dict[tuple[int, str], tuple[str, int, Decimal]] = {}
    for counted in open_issues:
        if is_start or (counted.is_baseline and (counted.rule_id, counted.connection) in baselines):
            key = (_rank(counted.severity), counted.rule_id)
            _, count, money = found.get(key, ("", 0, Decimal(0)))
            found[key] = (counted.severity, count + counted.issue_count, money + counted.money_at_risk)
    if is_start:
        for issue in new:  # told one by one in the same message
            key = (_rank(issue.severity), issue.rule_id)
            severity, count, money = found.get(key, (issue.severity, 1, issue.money_at_risk))
            found[key] = (severity, count - 1, money - issue.money_at_risk)
    return tuple(Summary(key[1], *found[key]) for key in sorted(found) if found[key][1] > 0)


def _money(issues: Iterable[Issue]) -> Decimal:
    """Each record once, however many rules flag it."""
    most: dict[str, Decimal] = {}
    for issue in issues:
        most[issue.record_key] = max(issue.money_at_risk, most.get(issue.record_key, Decimal(0)))
    return sum(most.values(), Decimal(0))


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
