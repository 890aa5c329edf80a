"""Channels through apprise: one way per recipient, retried, and honest about what may have arrived."""

from __future__ import annotations

import copy
import hashlib
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import apprise
from apprise.plugins.email.base import NotifyEmail
from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_exponential_jitter

from extract.core.errors import SettingsError
from extract.core.settings import alerts_path
from orchestration.alerts.letters import Answer, send_letter
from orchestration.alerts.mailboxes import IS_EMAIL, PLAIN_EMAIL
from orchestration.alerts.routes import EMAIL_PLACE, load_alerts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydantic import SecretStr

    from orchestration.alerts.messages import Message
    from orchestration.alerts.routes import Alerts

ATTEMPTS = 3
FIRST_WAIT_SECONDS = 1.0
LONGEST_WAIT_SECONDS = 10.0
READ_SECONDS = 30.0
ROOM_FOR_THE_TITLE = 300
SHORTEST_SECRET = 5
# Stands for a person's address while apprise reads a channel's: it takes a person's apart (o'brien@, a,b@).
SOMEBODY = "someone@example.com"
# What a service says of one recipient or message; it may well take another. 401 and 429 are meant for all.
_REFUSES_ONE = re.compile(r"error=(?:400|403|404|410|413|422)\b")
# The message had left when these came back instead of an answer: whether it arrived nobody knows.
_UNANSWERED = (
    "Read timed out",
    "RemoteDisconnected",
    "Connection aborted",
    "Connection reset",
    "IncompleteRead",
)
_log = logging.getLogger("apprise")


class Result(StrEnum):
    """What became of a message."""

    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """What became of a message, and why, free of secrets.

    Attributes:
        result: What became of it.
        reason: Why it failed.
        is_about_one: Whether it failed for its recipient's or its own sake: the channel may take another.
    """

    result: Result
    reason: str = ""
    is_about_one: bool = False


@dataclass(frozen=True)
class Way:
    """One channel to one recipient.

    Attributes:
        channel: How the channel is called where it is reported.
        identity: The same as long as the recipient's address is.
        plugin: What apprise sends with.
        address: A mark of the channel's address: ways that share it fail together.
    """

    channel: str
    identity: str
    plugin: Any
    address: str

    @property
    def room(self) -> int | None:
        """How long a text may be; None for a letter, which may be of any length."""
        is_letter = isinstance(self.plugin, NotifyEmail)
        return None if is_letter else max(self.plugin.body_maxlen - ROOM_FOR_THE_TITLE, 200)


def checked_alerts(path: Path | None = None) -> Alerts | None:
    """alerts.yml with every channel's address tried on apprise; None where there is none.

    Raises:
        SettingsError: Naming what is wrong with the file or a channel.
    """
    alerts = load_alerts(path)
    if alerts is not None:
        for name, url in alerts.channels.items():
            ways_of(name, url, SOMEBODY)
        for route in alerts.routes:
            for addresses in route.owners.values():
                for address in addresses:
                    if not IS_EMAIL.fullmatch(address.get_secret_value()):
                        ways_of(f"{route.name}_owners", address)
    return alerts


def ways_of(channel: str, url: SecretStr, email: str = "") -> list[Way]:
    """The recipients of a channel's address, each by itself, so that no refusal of one repeats it to another.

    None for a mailbox that apprise would take apart for another service.

    Args:
        channel: How the channel is called where it is reported.
        url: Its address.
        email: What stands in the place of {email}: a mailbox.
    """
    template = url.get_secret_value()
    plugin = _plugin(channel, template.replace(EMAIL_PLACE, quote(SOMEBODY, safe="")))
    if isinstance(plugin, NotifyEmail):
        _address_to(plugin, email)
    elif EMAIL_PLACE in template:
        if not PLAIN_EMAIL.fullmatch(email):
            return []
        plugin = _plugin(channel, template.replace(EMAIL_PLACE, quote(email, safe="")))
    plugin.retry = 0
    if "rto=" not in template:
        plugin.socket_read_timeout = READ_SECONDS
    way = Way(channel, channel, plugin, _mark(template))
    for attribute in ("targets", "channels"):
        targets = getattr(plugin, attribute, None)
        if isinstance(targets, list) and targets:
            return [_only(way, attribute, target) for target in targets]
    return [way]


def _plugin(channel: str, address: str) -> Any:
    with _heard():
        plugin: Any = apprise.Apprise.instantiate(address)
    if plugin is None:
        raise SettingsError(
            f"channel {channel!r}: is no address that apprise can read.",
            str(alerts_path()),
            "See https://github.com/caronc/apprise/wiki; write special characters of a password as %XX.",
        )
    return plugin


def _address_to(plugin: Any, email: str) -> None:
    """Put the mailbox where somebody's stood, unread."""
    plugin.targets = [
        (False, email) if address == SOMEBODY else (name, address) for name, address in plugin.targets
    ]
    for attribute in ("cc", "bcc", "reply_to"):
        copied = {email if address == SOMEBODY else address for address in getattr(plugin, attribute)}
        setattr(plugin, attribute, copied)


def _only(way: Way, attribute: str, target: Any) -> Way:
    one = copy.copy(way.plugin)
    setattr(one, attribute, [target])
    address = target[-1] if isinstance(one, NotifyEmail) else target
    return replace(way, identity=f"{way.channel}/{_mark(repr(address))}", plugin=one)


def _mark(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def send(way: Way, message: Message) -> Outcome:
    """Send a message, again after a while when its channel refused; never again when it may have arrived."""
    retrying = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential_jitter(multiplier=FIRST_WAIT_SECONDS, max=LONGEST_WAIT_SECONDS),
        retry=retry_if_result(lambda outcome: outcome.result is Result.FAILED and not outcome.is_about_one),
        retry_error_callback=lambda state: state.outcome and state.outcome.result(),
    )
    outcome: Outcome = retrying(_attempt, way, message)
    return outcome


def _attempt(way: Way, message: Message) -> Outcome:
    with _heard() as lines:
        if isinstance(way.plugin, NotifyEmail):
            answer = send_letter(way.plugin, message)
        else:
            answer = _notify(way.plugin, message, lines)
    if answer is Answer.TAKEN:
        return Outcome(Result.SENT)
    reason = _reason(lines, way)
    if answer is Answer.NONE:
        return Outcome(Result.UNKNOWN, reason or "no answer came")
    is_about_one = answer is Answer.REFUSED_THIS_ONE
    return Outcome(Result.FAILED, reason or "it was refused without a reason", is_about_one)


def _notify(plugin: Any, message: Message, lines: list[logging.LogRecord]) -> Answer:
    service = apprise.Apprise()
    service.add(plugin)
    is_sent = service.notify(
        body=message.text,
        title=message.title,
        body_format=apprise.NotifyFormat.TEXT,
        notify_type=apprise.NotifyType.WARNING if message.is_warning else apprise.NotifyType.INFO,
    )
    if is_sent:
        return Answer.TAKEN
    said = " ".join(line.getMessage() for line in lines)
    if any(sign in said for sign in _UNANSWERED):
        return Answer.NONE
    return Answer.REFUSED_THIS_ONE if _REFUSES_ONE.search(said) else Answer.REFUSED


def _reason(lines: list[logging.LogRecord], way: Way) -> str:
    """What apprise had to say, without the debugging lines, which quote addresses."""
    told = [line.getMessage() for line in lines if line.levelno >= logging.WARNING]
    text = " ".join(dict.fromkeys(told))
    for secret in _secrets(way.plugin.url(privacy=False)):
        text = text.replace(secret, "***")
    return text[:300]


def _secrets(url: str) -> list[str]:
    """Every part of an address that could be one; its host is none."""
    _, _, rest = url.partition("://")
    credentials, _, after = rest.rpartition("@") if "@" in rest.split("?")[0] else ("", "", rest)
    inner = re.split(r"[/?]", after, maxsplit=1)
    parts = re.split(r"[/:@?&=,]+", " ".join([credentials.replace(" ", "/"), *inner[1:]]).replace(" ", "/"))
    found = {part for part in parts if len(part) >= SHORTEST_SECRET}
    return sorted(found | {unquote(part) for part in found}, key=len, reverse=True)


class _Listener(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, lines: list[logging.LogRecord]) -> None:
        super().__init__(logging.DEBUG)
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self._lines.append(record)


@contextmanager
def _heard() -> Iterator[list[logging.LogRecord]]:
    """What apprise logs, kept from every other listener: it tells addresses while debugging."""
    lines: list[logging.LogRecord] = []
    listener = _Listener(lines)
    handlers, level, propagates = _log.handlers, _log.level, _log.propagate
    _log.handlers, _log.propagate = [listener], False
    _log.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        _log.handlers, _log.propagate = handlers, propagates
        _log.setLevel(level)
