from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from extract.core.lake import Lake
from extract.core.settings import Settings
from orchestration.alerts import channels
from orchestration.alerts.channels import checked_alerts
from orchestration.alerts.sending import Sending, send_news
from tests.alerts.home import Home
from tests.alerts.servers import Mailbox, Webhook, free_port, serve_hook, serve_mail

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from orchestration.alerts.problems import Problem

Look = Callable[..., Sending]
PARAMETERS = {"deal_amount_missing": {"position_share": 0.5}, "deal_stalled": {"days": 14, "won_deals": 1}}


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits between tries are short."""
    monkeypatch.setattr(channels, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(channels, "LONGEST_WAIT_SECONDS", 0.02)


@pytest.fixture(autouse=True)
def _rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules whose titles do not change with the product's."""
    titles = {
        "deal_amount_missing": ("error", "Deal without an amount", "Сделка без суммы"),
        "deal_stalled": ("warning", "Stalled deal", "Застрявшая сделка"),
        "contact_email_malformed": ("info", "Malformed e-mail", "Неверный адрес"),
    }
    rules = [
        {
            "id": rule,
            "record_type": rule.partition("_")[0],
            "severity": severity,
            "title": {"en": en, "ru": ru},
            "why": "So.",
            "fix": "So.",
            "parameters": PARAMETERS.get(rule, {}),
        }
        for rule, (severity, en, ru) in titles.items()
    ]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"rules": rules}, allow_unicode=True), encoding="utf-8")
    monkeypatch.setenv("DEALHOUSE_RULES", str(file))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    reporting = {"currency": "EUR", "timezone": "Europe/Berlin"}
    connections = [
        {"name": name, "crm": "hubspot", "url": "https://hubspot.test", "token": "t"} for name in ("m", "u")
    ]
    settings = Settings.model_validate({"reporting": reporting, "connections": connections})
    Lake(made.folder).land_settings(settings)
    return made


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox(free_port())
    controller = serve_mail(box)
    yield box
    controller.stop()


@pytest.fixture
def hook() -> Iterator[Webhook]:
    webhook = Webhook()
    server = serve_hook(webhook)
    yield webhook
    server.shutdown()
    server.server_close()


@pytest.fixture
def alerts_file(tmp_path: Path, mailbox: Mailbox, hook: Webhook) -> Callable[..., Path]:
    """alerts.yml of these routes; `mail` goes to the mail server, `chat` to the webhook."""

    def write(*routes: dict[str, Any], **more: Any) -> Path:
        content = {
            "channels": {
                "mail": f"mailto://127.0.0.1:{mailbox.port}?from=Dealhouse<dealhouse@acme.test>&to={{email}}",
                "chat": f"json://127.0.0.1:{hook.port}/hooks/s3cretpath",
            },
            "routes": list(routes),
        } | more
        file = tmp_path / "alerts.yml"
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
        return file

    return write


@pytest.fixture
def look(home: Home, alerts_file: Callable[..., Path]) -> Look:
    """One look at the news with these routes."""

    def send(
        *routes: dict[str, Any],
        found: list[Problem] | None = None,
        checked: frozenset[str] = frozenset(),
        now: datetime | None = None,
        **more: Any,
    ) -> Sending:
        alerts = checked_alerts(alerts_file(*routes, **more))
        return send_news(home.places, found or [], checked, alerts=alerts, now=now)

    return send
