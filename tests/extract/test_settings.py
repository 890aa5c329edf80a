"""connections.yml: what is read, and how a mistake is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from extract.core.errors import SettingsError
from extract.core.lake import Lake
from extract.core.settings import dealhouse_home, load_settings

if TYPE_CHECKING:
    from pathlib import Path

REPORTING = "reporting: {currency: EUR, timezone: Europe/Berlin}\n"
GOOD = (
    REPORTING
    + """
connections:
  - name: moscow
    crm: bitrix24
    url: https://acme.bitrix24.ru/rest/1/${WEBHOOK_SECRET}/
    start_date: 2024-01-01
  - name: us
    crm: hubspot
    url: https://api.hubapi.com
    token: ${HUBSPOT_TOKEN}
    mappings: {sla_hours: 4, required_fields: [a, b], closing_date: crm_field}
"""
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("WEBHOOK_SECRET", "HUBSPOT_TOKEN", "DEALHOUSE_CONNECTIONS", "DEALHOUSE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("WEBHOOK_SECRET=abc123\nHUBSPOT_TOKEN=from-file\n")
    return tmp_path


def error_of(folder: Path, text: str) -> str:
    (folder / "connections.yml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


def test_variables_come_from_the_environment_before_the_env_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUBSPOT_TOKEN", "from-environment")
    (folder / "connections.yml").write_text(GOOD)
    moscow, us = load_settings().connections
    assert moscow.url.get_secret_value() == "https://acme.bitrix24.ru/rest/1/abc123/"
    assert us.token is not None
    assert us.token.get_secret_value() == "from-environment"
    assert moscow.portal_url == "https://acme.bitrix24.ru"
    assert "abc123" not in repr(moscow)


def test_another_file_can_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.yml").write_text(GOOD)
    (elsewhere / ".env").write_text("WEBHOOK_SECRET=x\nHUBSPOT_TOKEN=y\n")
    monkeypatch.setenv("DEALHOUSE_CONNECTIONS", str(elsewhere / "mine.yml"))
    assert load_settings().connection("us").crm == "hubspot"


def test_a_missing_file_says_how_to_make_one(folder: Path) -> None:
    with pytest.raises(SettingsError, match=r"Copy connections\.example\.yml"):
        load_settings()


def test_a_missing_variable_is_named_with_its_connection(folder: Path) -> None:
    (folder / ".env").unlink()
    message = error_of(folder, GOOD)
    assert "WEBHOOK_SECRET" in message
    assert "connection 'moscow'" in message
    assert "connections.yml" in message


CONNECTION = 'connections:\n  - {name: a, crm: hubspot, url: "https://x", token: s3cret%s}\n'


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (REPORTING + CONNECTION % ", tokn: s3cret2", ["'a'", "'tokn'", "requests_per_second"]),
        (REPORTING + CONNECTION % ", timezone: Mars/Base", ["'a'", "timezone", "Europe/Moscow"]),
        (REPORTING + CONNECTION % ", requests_per_second: -1", ["'a'", "requests_per_second"]),
        (
            REPORTING + CONNECTION % ", mappings: {repeat: maybe}",
            ["'a'", "mappings.repeat", "'computed' or 'crm'"],
        ),
        (
            REPORTING + CONNECTION % ", mappings: {leads_from: statuses}",
            ["'a'", "mappings.leads_from", "'leads', 'lifecyclestage' or 'lead_status'"],
        ),
        (
            REPORTING
            + CONNECTION.replace("hubspot", "bitrix24").replace("https://x", "https://x/rest/1/y/")
            % ", mappings: {leads_from: lead_status}",
            ["'a'", "mappings.leads_from", "must be leads on Bitrix24"],
        ),
        (REPORTING + CONNECTION.replace("name: a", "name: A b") % "", ["lower-case letters, digits and _"]),
        (REPORTING + CONNECTION.replace("hubspot", "odoo") % "", ["crm", "'bitrix24' or 'hubspot'"]),
        (REPORTING + CONNECTION.replace("token: s3cret%s", "start_date: 2024-01-01"), ["'a'", "token"]),
        (REPORTING + CONNECTION.replace("hubspot", "bitrix24") % "", ["'a'", "url", "/rest/1/"]),
        (REPORTING + CONNECTION % "" + (CONNECTION % "")[13:], ["two connections are named 'a'"]),
        ("reporting: {currency: euro, timezone: UTC}\n" + CONNECTION % "", ["reporting.currency", "EUR"]),
        (CONNECTION % "", ["reporting", "is missing"]),
        (REPORTING + "connections: []\n", ["list at least one"]),
        (REPORTING + "connections: [\n", ["line", "is not YAML"]),
        ("just text", ["reporting and connections"]),
        (REPORTING, ["connections: is missing"]),
        (REPORTING + CONNECTION % ", entities: deals", ["'a'", "entities", "must be a list"]),
        (REPORTING + CONNECTION % ", entities: []", ["'a'", "entities", "leave the key out"]),
        (REPORTING + CONNECTION % ", token: s3cret2", ["line 3", "'token' stands there twice"]),
        (REPORTING + CONNECTION.replace("s3cret", "$TOKEN") % "", ["'a'", "${NAME}"]),
        (REPORTING + CONNECTION.replace("s3cret", "'${hub-spot}'") % "", ["'a'", "${NAME}"]),
    ],
)
def test_a_mistake_is_told_with_what_is_allowed_and_without_secrets(
    folder: Path, text: str, parts: list[str]
) -> None:
    message = error_of(folder, text)
    assert [part for part in parts if part not in message] == []
    assert "s3cret" not in message


def test_the_committed_example_is_valid(
    folder: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    root = request.config.rootpath
    (folder / ".env").write_text((root / ".env.example").read_text())
    (folder / "connections.yml").write_text((root / "connections.example.yml").read_text())
    assert [connection.name for connection in load_settings().connections] == ["moscow", "us"]


def test_the_data_home_is_data_unless_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(dealhouse_home()) == "data"
    monkeypatch.setenv("DEALHOUSE_HOME", "/elsewhere")
    assert str(dealhouse_home()) == "/elsewhere"


def test_settings_land_when_they_changed_and_without_secrets(folder: Path) -> None:
    (folder / "connections.yml").write_text(GOOD)
    lake = Lake(folder / "data")
    lake.land_settings(load_settings())
    lake.land_settings(load_settings())
    files = list((folder / "data").rglob("*.parquet"))
    assert sorted(path.parent.name for path in files) == ["connections", "reporting"]
    assert lake.landed_connections()["us"]["required_fields"] == "a,b"
    assert not any(b"abc123" in path.read_bytes() or b"from-file" in path.read_bytes() for path in files)
    assert (folder / "data").stat().st_mode & 0o077 == 0

    (folder / "connections.yml").write_text(
        GOOD.replace("sla_hours: 4", "sla_hours: 8").replace("moscow", "berlin")
    )
    lake.land_settings(load_settings())
    landed = lake.landed_connections()
    assert landed["us"]["sla_hours"] == 8
    assert {name: row["is_active"] for name, row in landed.items()} == {
        "moscow": False,
        "berlin": True,
        "us": True,
    }
