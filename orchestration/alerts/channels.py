"""Channels through apprise: one way per recipient, retried, and honest about what may have arrived."""

from __future__ import annotations

import copy
import hashlib
import logging
import re
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import apprise
from apprise.plugins.email.base import NotifyEmail
from tenacity import Retrying, retry_if_result, stop_after_attempt, wait_exponential_jitter

from extract.core.errors import SettingsError
from extract.core.settings import alerts_path
from orchestration.alerts.letters import send_letter
from orchestration.alerts.routes import EMAIL_PLACE, IS_EMAIL, load_alerts

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
    """What became of a message, and why, free of secrets."""

    result: Result
    reason: str = ""


@dataclass(frozen=True)
class Way:
    """One channel to one recipient."""

    channel: str
    identity: str
    plugin: Any

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
            ways_of(name, url, "someone@example.com")
        for route in alerts.routes:
            for addresses in route.owners.values():
                for address in addresses:
                    if not IS_EMAIL.fullmatch(address.get_secret_value()):
                        ways_of(f"{route.name}_owners", address)
    return alerts


def ways_of(channel: str, url: SecretStr, email: str = "") -> list[Way]:
    """The recipients of a channel's address, each by itself, so that no refusal of one repeats it to another.

    Args:
        channel: How the channel is called where it is reported.
        url: Its address.
        email: What stands in the place of {email}.
    """
    filled = url.get_secret_value().replace(EMAIL_PLACE, quote(email, safe=""))
    with _heard():
        plugin: Any = apprise.Apprise.instantiate(filled)
    if plugin is None:
        raise SettingsError(
            f"channel {channel!r}: is no address that apprise can read.",
            str(alerts_path()),
            "See https://github.com/caronc/apprise/wiki; write special characters of a password as %XX.",
        )
    plugin.retry = 0
    if "rto=" not in filled:
        plugin.socket_read_timeout = READ_SECONDS
    for attribute in ("targets", "channels"):
        targets = getattr(plugin, attribute, None)
        if isinstance(targets, list) and targets:
            return [_only(channel, plugin, attribute, target) for target in targets]
    return [Way(channel, channel, plugin)]


def _only(channel: str, plugin: Any, attribute: str, target: Any) -> Way:
    one = copy.copy(plugin)
    setattr(one, attribute, [target])
    address = target[-1] if isinstance(plugin, NotifyEmail) else target
    return Way(channel, f"{channel}/{hashlib.sha256(repr(address).encode()).hexdigest()[:12]}", one)


def send(way: Way, message: Message) -> Outcome:
    """Send a message, again after a while when it was refused; never again when it may have arrived."""
    retrying = Retrying(
        stop=stop_after_attempt(ATTEMPTS),
        wait=wait_exponential_jitter(multiplier=FIRST_WAIT_SECONDS, max=LONGEST_WAIT_SECONDS),
        retry=retry_if_result(lambda outcome: outcome.result is Result.FAILED),
        retry_error_callback=lambda state: state.outcome and state.outcome.result(),
    )
    outcome: Outcome = retrying(_attempt, way, message)
    return outcome


def _attempt(way: Way, message: Message) -> Outcome:
    with _heard() as lines:
        if isinstance(way.plugin, NotifyEmail):
            is_sent, is_unanswered = send_letter(way.plugin, message)
        else:
            service = apprise.Apprise()
            service.add(way.plugin)
            is_sent = bool(
                service.notify(
                    body=message.text,
                    title=message.title,
                    body_format=apprise.NotifyFormat.TEXT,
                    notify_type=apprise.NotifyType.WARNING if message.is_warning else apprise.NotifyType.INFO,
                )
            )
            is_unanswered = any(sign in line.getMessage() for line in lines for sign in _UNANSWERED)
    if is_sent:
        return Outcome(Result.SENT)
    reason = _reason(lines, way)
    if is_unanswered:
        return Outcome(Result.UNKNOWN, reason or "no answer came")
    return Outcome(Result.FAILED, reason or "it was refused without a reason")


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
