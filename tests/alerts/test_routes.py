from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from extract.core.errors import SettingsError
from orchestration.alerts.channels import checked_alerts
from orchestration.places import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

CHAT = "json://127.0.0.1:9/s3cret"
MAIL = "mailtos://user:s3cret@smtp.acme.test?to={email}"
ROUTE = {"name": "a", "to": "analyst", "channel": "chat"}


def load(folder: Path, content: object) -> Any:
    file = folder / "alerts.yml"
    file.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return checked_alerts(file)


def of(*routes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"channels": {"chat": CHAT, "mail": MAIL}, "routes": list(routes)} | more


@pytest.mark.parametrize(
    ("content", "parts"),
    [
        (of(ROUTE | {"to": "boss"}), ["route 'a': to: must be one of 'owner', 'manager'"]),
        (of(ROUTE | {"colour": 1}), ["route 'a': the key 'colour' is unknown", "severities"]),
        (of(ROUTE | {"channel": "chatt"}), ["route 'a': there is no channel 'chatt'", "chat, mail"]),
        (of({"name": "a", "to": "analyst"}), ["route 'a': channel: is missing"]),
        (of(ROUTE | {"channel": "mail"}), ["route 'a': emails: is missing", "'mail'"]),
        (of(ROUTE | {"emails": "a@b.test"}), ["route 'a': emails: no channel of it holds {email}"]),
        (of(ROUTE | {"channel": "mail", "emails": "a b"}), ["emails: list addresses"]),
        (of(ROUTE | {"channel": "mail", "emails": "a,b@acme.com"}), ["emails: list addresses"]),
        (
            of({"name": "a", "to": "owner", "channel": "mail", "owners": {"Anna": "jos\u00e9@acme.com"}}),
            ["owners.Anna: write an e-mail address"],
        ),
        (of(ROUTE | {"department": "North"}), ["department: means nothing on a route to analyst"]),
        (
            of(ROUTE | {"to": "operators", "rules": "deal_stalled"}),
            ["rules: means nothing on a route to operators"],
        ),
        (of(ROUTE | {"severities": ["fatal"]}), ["route 'a': severities: must be one of"]),
        (of(ROUTE | {"rules": ["deal_stalld"]}), ["route 'a': rules: there is no rule 'deal_stalld'"]),
        (of(ROUTE, ROUTE), ["two routes are named 'a'"]),
        (of(ROUTE | {"quiet_hours": {"from": "25:00", "to": "08:00"}}), ["quiet_hours.from: must be a time"]),
        (of(ROUTE | {"quiet_hours": {"from": "08:00", "to": "08:00"}}), ["from and to are the same"]),
        (
            of(ROUTE | {"quiet_hours": {"from": "20:00", "to": "08:00", "timezone": "Moscow"}}),
            ["quiet_hours.timezone: is not a time zone"],
        ),
        (of(ROUTE, channels={"chat": "nonsense://s3cret"}), ["channel 'chat': is no address"]),
        (of(ROUTE, channels={"chat": "json://h/${NOT_SET_ANYWHERE}"}), ["NOT_SET_ANYWHERE is not set"]),
        (of(ROUTE, language="de"), ["language: must be one of 'en' or 'ru'"]),
        ("just text", ["must hold the keys channels and routes", "alerts.example.yml"]),
        ("a: [", ["is not YAML"]),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed_and_without_secrets(
    tmp_path: Path, content: object, parts: list[str]
) -> None:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, content)
    told = str(raised.value)
    assert "alerts.yml" in told
    assert not [part for part in parts if part not in told], told
    assert "s3cret" not in told


def test_variables_come_from_the_environment_or_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("CHAT_SECRET=fromfile\nMAIL_SECRET=fromfile\n", encoding="utf-8")
    monkeypatch.setenv("MAIL_SECRET", "fromenvironment")
    alerts = load(
        tmp_path,
        of(ROUTE, channels={"chat": "json://h/${CHAT_SECRET}", "mail": "mailto://u:${MAIL_SECRET}@h.test"}),
    )
    assert alerts.channels["chat"].get_secret_value() == "json://h/fromfile"
    assert "fromenvironment" in alerts.channels["mail"].get_secret_value()
    assert "from" not in repr(alerts.channels)


def test_no_file_means_no_alerts_but_a_named_one_must_be_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEALHOUSE_ALERTS", raising=False)
    assert checked_alerts() is None
    monkeypatch.setenv("DEALHOUSE_ALERTS", "elsewhere.yml")
    with pytest.raises(SettingsError, match="DEALHOUSE_ALERTS"):
        checked_alerts()


def test_the_example_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEALHOUSE_RULES")
    monkeypatch.setenv("SMTP_PASSWORD", "secret")
    monkeypatch.setenv("SLACK_WEBHOOK", "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")
    monkeypatch.setenv("TELEGRAM_TOKEN", "123456789:abcdefghijklmnopqrstuvwxyzabcdefghi")
    alerts = checked_alerts(PROJECT / "alerts.example.yml")
    assert alerts is not None
    assert {route.to for route in alerts.routes} == {"owner", "manager", "analyst", "operators"}
