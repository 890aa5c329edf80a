from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from orchestration.alerts.quiet import is_quiet
from orchestration.alerts.routes import QuietHours
from tests.alerts.home import Found, Home

if TYPE_CHECKING:
    from tests.alerts.conftest import Look
    from tests.alerts.servers import Webhook

NIGHT = {"from": "20:00", "to": "08:00", "timezone": "Europe/Moscow"}


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        (NIGHT, "2026-03-02T16:59", False),  # 19:59 in Moscow
        (NIGHT, "2026-03-02T17:00", True),
        (NIGHT, "2026-03-02T21:30", True),  # half past midnight
        (NIGHT, "2026-03-03T04:59", True),
        (NIGHT, "2026-03-03T05:00", False),
        ({"from": "12:00", "to": "13:00"}, "2026-03-02T11:30", True),  # the company's zone: Berlin
        ({"from": "12:00", "to": "13:00"}, "2026-03-02T12:00", False),
        ({"from": "12:00", "to": "13:00"}, "2026-07-02T10:30", True),  # summer time
        ({"from": 1200, "to": "08:00"}, "2026-03-02T19:30", True),  # 20:00 without quotes is a number
    ],
)
def test_quiet_hours_follow_their_own_clock(hours: dict[str, object], moment: str, expected: bool) -> None:
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert is_quiet(QuietHours.model_validate(hours), now, "Europe/Berlin") is expected


def test_what_is_held_back_goes_out_together_in_the_first_run_after(
    home: Home, look: Look, hook: Webhook
) -> None:
    route = {"name": "analyst", "to": "analyst", "channel": "chat", "quiet_hours": NIGHT}
    home.lands(Found(1))
    look(route, now=datetime(2026, 3, 2, 12, tzinfo=UTC))
    for hour, number in ((18, 2), (23, 3)):
        home.lands(Found(number))
        sending = look(route, now=datetime(2026, 3, 2, hour, tzinfo=UTC))
        assert (sending.held, sending.messages) == (1, [])
    home.lands()
    look(route, now=datetime(2026, 3, 3, 5, tzinfo=UTC))
    assert [message["title"] for message in hook.messages[1:]] == ["Data quality: 2 new issues"]
