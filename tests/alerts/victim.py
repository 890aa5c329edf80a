"""`python -m tests.alerts.victim POINT HOME ALERTS`: one look at the news that dies at POINT."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from orchestration.alerts import channels, sending
from orchestration.alerts.outbox import Outbox
from orchestration.places import Places


def die(*_args: Any, **_more: Any) -> Any:
    """What a power cut does."""
    os.kill(os.getpid(), signal.SIGKILL)


def _after_sending(*args: Any) -> None:
    original(*args)
    die()


original = channels.send
POINTS = {
    "while_collecting": (Outbox, "consider", die),
    "before_claim": (Outbox, "claim", die),
    "before_send": (channels, "send", die),
    "before_mark": (channels, "send", _after_sending),
}

if __name__ == "__main__":
    point, home, alerts = sys.argv[1:]
    if point != "never":
        setattr(*POINTS[point])
    sending.send_news(Places(Path(home)), alerts=channels.checked_alerts(Path(alerts)))
