"""A digest as a message: the same words as text for chats and as HTML for letters."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from orchestration.alerts.messages import Message

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from orchestration.alerts.digests import Digest, Row
    from orchestration.alerts.words import Words

TEMPLATES = Path(__file__).with_name("templates")
CUT = "..."


@dataclass(frozen=True)
class Letterhead:
    """What stands around a digest."""

    route: str
    label: str
    words: Words
    titles: Mapping[str, str]
    data_as_of: datetime | None

    def title_of(self, rule_id: str) -> str:
        """How a rule is called."""
        return self.titles.get(rule_id, rule_id)

    def line_of(self, row: Row) -> str:
        """A record in one line of text: its name, what was found or became of it, money, owner."""
        issue = row.issue
        parts = [self.name_of(row)]
        if row.is_new:
            parts += [row.value, self.words.money(issue.money_at_risk) if issue.money_at_risk else ""]
            parts += [self.words("passed_on")] if row.is_passed_on else []
        elif issue.resolution:
            parts.append(self.words(issue.resolution))
        if issue.owner_name != self.label:
            parts.append(issue.owner_name or "")
        return " | ".join(part for part in parts if part)

    def name_of(self, row: Row) -> str:
        """How a record is called: by its title, or by its number alone where names are kept back."""
        if row.name:
            return row.name
        issue = row.issue
        kind, _, native_id = issue.record_key.removeprefix(f"{issue.connection}:").partition(":")
        key = f"record_{kind if issue.record_type == 'any' else issue.record_type}"
        try:
            return self.words(key, id=native_id)
        except KeyError:
            return self.words("record_any", id=native_id)


def render(digest: Digest, head: Letterhead, message_id: str) -> Message:
    """The message of a digest."""
    title = _title(digest, head)
    values: dict[str, Any] = {"digest": digest, "head": head, "words": head.words, "title": title}
    return Message(
        message_id,
        title,
        _environment().get_template("digest.txt.j2").render(values).strip() + "\n",
        _environment().get_template("digest.html.j2").render(values),
        is_warning=any(item.kind == "problem" for item in digest.problems),
    )


def render_test(head: Letterhead, message_id: str) -> Message:
    """A message that says nothing but that it came."""
    words = head.words
    text = words("test", route=head.route)
    html = _environment().get_template("test.html.j2").render(text=text, words=words)
    return Message(message_id, words("test_title"), f"{text}\n", html)


def shortened(message: Message, room: int) -> Message:
    """The message with its text cut to what a channel takes, at the end of a line."""
    if len(message.text) <= room:
        return message
    text = message.text[: room - len(CUT)].rpartition("\n")[0]
    return Message(message.message_id, message.title, f"{text}\n{CUT}", message.html, message.is_warning)


def _title(digest: Digest, head: Letterhead) -> str:
    words = head.words
    parts = []
    if digest.new_count:
        parts.append(words.counted("new_issues", digest.new_count))
    if digest.resolved_count:
        parts.append(words.counted("resolved", digest.resolved_count))
    if digest.summaries and not parts:
        count = sum(summary.issue_count for summary in digest.summaries)
        parts.append(words.counted("open_issues", count))
    wrong = sum(item.kind == "problem" for item in digest.problems)
    solved = len(digest.problems) - wrong
    if wrong or digest.hidden_problems:
        parts.append(words.counted("problems", wrong + digest.hidden_problems))
    if solved:
        parts.append(words.counted("solved", solved))
    return f"{words('operations' if digest.problems else 'quality')}: {', '.join(parts)}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(enabled_extensions=("html.j2",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
