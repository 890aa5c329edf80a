from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from orchestration.places import PROJECT
from tests.alerts.home import Found, Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.alerts.conftest import Look
    from tests.alerts.servers import Mailbox, Webhook

ANALYST = {"name": "analyst", "to": "analyst", "channel": "chat"}
OPERATORS = {"name": "operators", "to": "operators", "channel": "mail", "emails": "ops@acme.test"}


def look_killed(point: str, home: Home, file: Path) -> None:
    command = [sys.executable, "-m", "tests.alerts.victim", point, str(home.folder), str(file)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize(
    ("point", "arrived", "is_lost"),
    [
        ("while_collecting", 1, False),
        ("before_claim", 1, False),
        ("before_send", 0, True),
        ("before_mark", 1, True),
    ],
)
def test_a_kill_sends_nothing_twice_and_says_what_may_be_lost(  # noqa: PLR0917
    point: str,
    arrived: int,
    is_lost: bool,
    home: Home,
    look: Look,
    alerts_file: Callable[..., Path],
    hook: Webhook,
    mailbox: Mailbox,
) -> None:
    home.lands(Found(1))
    look(ANALYST, OPERATORS)
    hook.messages.clear()
    home.lands(Found(2))
    look_killed(point, home, alerts_file(ANALYST, OPERATORS))
    for _ in range(2):
        sending = look(ANALYST, OPERATORS)
        assert not sending.lost or is_lost
    assert ["/deal/2" in message["message"] for message in hook.messages] == [True] * arrived
    told = [letter.get_body(("plain",)).get_content() for _, letter in mailbox.letters]  # type: ignore[union-attr]
    assert ["An alert may not have arrived" in text for text in told] == [True] * is_lost
    home.lands(Found(3))
    look(ANALYST, OPERATORS)
    assert "/deal/3" in hook.messages[-1]["message"]
    assert "/deal/2" not in hook.messages[-1]["message"]


def test_two_looks_at_once_send_one_message(
    home: Home, look: Look, alerts_file: Callable[..., Path], hook: Webhook
) -> None:
    home.lands(Found(1))
    look(ANALYST)
    home.lands(Found(2))
    file = alerts_file(ANALYST)
    command = [sys.executable, "-m", "tests.alerts.victim", "never", str(home.folder), str(file)]
    running = [subprocess.Popen(command, cwd=PROJECT) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(hook.messages) == 2
