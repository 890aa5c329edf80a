from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from orchestration import cli
from orchestration.alerts import after_run
from orchestration.alerts.sending import AlertsError
from orchestration.audit import AuditError, Finding
from tests.alerts.home import Found, Home

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.alerts.conftest import Look
    from tests.alerts.servers import Mailbox, Webhook

ANALYST = {"name": "analyst", "to": "analyst", "channel": "chat"}
OWNERS = {"name": "owners", "to": "owner", "channel": "mail"}
OPERATORS = {"name": "operators", "to": "operators", "channel": "mail", "emails": "ops@acme.test"}


@pytest.fixture
def dealhouse(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DEALHOUSE_HOME", str(home.folder))
    monkeypatch.delenv("DEALHOUSE_ALERTS", raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["dealhouse", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capfd.readouterr()
        assert "Traceback" not in printed.err
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def test_preview_prints_what_would_be_sent_and_notes_nothing(
    dealhouse: Callable[..., tuple[int, str, str]], home: Home, look: Look, hook: Webhook
) -> None:
    night = ANALYST | {"quiet_hours": {"from": "00:00", "to": "23:59", "timezone": "UTC"}}
    home.lands(Found(1))
    look(ANALYST)
    home.lands(Found(2, money=5000))
    look(night)
    for _ in range(2):
        code, printed, _ = dealhouse("alerts", "preview")
        assert code == 0
        assert "analyst, through chat (waits for the end of quiet hours)" in printed
        assert "https://crm.test/deal/2" in printed
    assert len(hook.messages) == 1
    look(ANALYST)
    assert len(hook.messages) == 2
    assert "Nothing is new" in dealhouse("alerts", "preview")[1]


def test_a_test_message_reaches_every_recipient_of_a_route(
    dealhouse: Callable[..., tuple[int, str, str]],
    home: Home,
    alerts_file: Callable[..., Path],
    hook: Webhook,
    mailbox: Mailbox,
) -> None:
    home.lands(Found(1))
    alerts_file(ANALYST, OWNERS, OPERATORS, language="ru")
    code, printed, _ = dealhouse("alerts", "test")
    assert code == 0
    assert "owners: name the owner who gets the test" in printed
    assert hook.messages[0]["title"] == "Dealhouse: проверка"
    assert [recipient for recipient, _ in mailbox.letters] == ["ops@acme.test"]
    assert dealhouse("alerts", "test", "owners", "--owner", "Anna Petrova")[0] == 0
    assert len(mailbox.to("anna@acme.test")) == 1


def test_a_test_that_does_not_arrive_is_a_failure(
    dealhouse: Callable[..., tuple[int, str, str]], alerts_file: Callable[..., Path], hook: Webhook
) -> None:
    alerts_file(ANALYST)
    hook.status = 403
    code, _, told = dealhouse("alerts", "test", "analyst")
    assert code == 1
    assert "403" in told
    assert "s3cretpath" not in told
    assert dealhouse("alerts", "test", "analist")[0] == 1


def test_without_alerts_the_commands_say_how_to_begin(dealhouse: Callable[..., tuple[int, str, str]]) -> None:
    code, _, told = dealhouse("alerts", "preview")
    assert code == 2
    assert "alerts.example.yml" in told


def test_a_refused_publication_and_a_stale_source_reach_operators(
    home: Home, alerts_file: Callable[..., Path], mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEALHOUSE_ALERTS", str(alerts_file(OPERATORS)))
    late = Finding("freshness", "warning", "late", passed=False, error=None, rows=[{"connection": "m"}])
    after_run.send_run(home.places, [late], None)
    assert "Data out of date: m" in mailbox.text("ops@acme.test")
    refusal = AuditError("row_drop: marts.fct_deals lost 40 %.", "next.duckdb", "Look.")
    after_run.send_run(home.places, [], refusal)
    text = mailbox.text("ops@acme.test")
    assert "Publication refused; the last good version stays: next.duckdb" in text
    assert "lost 40 %" in text
    assert "Works again" not in text
    after_run.send_run(home.places, [], None)
    assert "2 solved" in mailbox.to("ops@acme.test")[-1]["subject"]


def test_a_broken_outbox_never_decides_how_a_run_ends(
    home: Home, alerts_file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEALHOUSE_ALERTS", str(alerts_file(OPERATORS)))
    folder = home.folder / "alerts"
    folder.mkdir(parents=True)
    (folder / "outbox.sqlite").write_text("this is no database" * 100, encoding="utf-8")
    with pytest.raises(AlertsError, match="nothing can be sent"):
        after_run.send_run(home.places, [], None)
