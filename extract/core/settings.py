"""The one reader of the environment: connections.yml, `.env` and the DEALHOUSE_ variables."""

import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import yaml
from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from extract.core.errors import SettingsError
from extract.core.settings_errors import readable

Crm = Literal["bitrix24", "hubspot"]
CRMS: tuple[Crm, ...] = get_args(Crm)
FILE_NAME = "connections.yml"
VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
# What somebody meant as a variable, and would be sent to a CRM as it stands.
MISWRITTEN = re.compile(r"\$\{|^\$[A-Za-z_]\w*$")
WEBHOOK = re.compile(r"/rest/\d+/[^/]+/?$")


def _known_timezone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is not a time zone; write one of the tz database, such as Europe/Moscow")
    return name


def _web_address(url: SecretStr) -> SecretStr:
    try:
        parts = urlsplit(url.get_secret_value())
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        is_address = False
    if not is_address:
        raise ValueError("must be a web address such as https://acme.bitrix24.com/rest/1/${BITRIX24_SECRET}/")
    return url


Timezone = Annotated[str, AfterValidator(_known_timezone)]
Url = Annotated[SecretStr, AfterValidator(_web_address)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Reporting(_Strict):
    """The company's one reporting currency and calendar."""

    currency: Currency
    timezone: Timezone
    week_start: Weekday = "monday"
    fiscal_year_start: int = Field(default=1, ge=1, le=12)


class Mappings(_Strict):
    """How this portal uses its CRM where the CRM itself does not say."""

    leads_from: Literal["leads", "lifecyclestage", "lead_status"] | None = None
    loss_reason: str | None = None
    competitor: str | None = None
    required_fields: tuple[str, ...] | None = None
    phone_region: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    sla_hours: float | None = Field(default=None, gt=0)
    repeat: Literal["computed", "crm"] | None = None
    closing_date: Literal["history", "crm_field"] | None = None


class Connection(_Strict):
    """One portal of one CRM."""

    name: Name
    crm: Crm
    url: Url
    token: SecretStr | None = None
    timezone: Timezone | None = None
    start_date: date | None = None
    entities: Annotated[tuple[str, ...], Field(min_length=1)] | None = None
    requests_per_second: float | None = Field(default=None, gt=0, le=10_000)
    mappings: Mappings = Mappings()

    @model_validator(mode="after")
    def _has_its_secret(self) -> Self:
        if self.crm == "hubspot" and not (self.token and self.token.get_secret_value()):
            raise ValueError("token: is missing; HubSpot needs one, for example ${HUBSPOT_TOKEN}")
        if self.crm == "bitrix24" and not WEBHOOK.search(urlsplit(self.url.get_secret_value()).path):
            raise ValueError(
                "url: must be an incoming webhook such as https://acme.bitrix24.com/rest/1/${BITRIX24_SECRET}/"
            )
        return self

    @model_validator(mode="after")
    def _has_leads_of_its_crm(self) -> Self:
        if self.crm == "bitrix24" and self.mappings.leads_from not in {None, "leads"}:
            raise ValueError(
                "mappings.leads_from: must be leads on Bitrix24, where leads are records of their own"
            )
        return self

    @property
    def portal_url(self) -> str:
        """Scheme and host, free of secrets."""
        parts = urlsplit(self.url.get_secret_value())
        port = f":{parts.port}" if parts.port else ""
        return f"{parts.scheme}://{parts.hostname}{port}"


class Settings(_Strict):
    """Everything connections.yml says."""

    reporting: Reporting
    connections: tuple[Connection, ...]

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        if not self.connections:
            raise ValueError("connections: list at least one")
        names = [connection.name for connection in self.connections]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"two connections are named {doubled[0]!r}; names must differ")
        return self

    def connection(self, name: str) -> Connection:
        """The connection of that name."""
        for connection in self.connections:
            if connection.name == name:
                return connection
        known = ", ".join(connection.name for connection in self.connections)
        raise SettingsError(f"there is no connection {name!r}.", FILE_NAME, f"Known: {known}.")


def dealhouse_home() -> Path:
    """The folder of all data: DEALHOUSE_HOME, else ./data."""
    return Path(os.environ.get("DEALHOUSE_HOME") or "data")  # noqa: TID251


def settings_path() -> Path:
    """The settings file: DEALHOUSE_CONNECTIONS, else connections.yml in the current folder."""
    return Path(os.environ.get("DEALHOUSE_CONNECTIONS") or FILE_NAME)  # noqa: TID251


def rules_path(default: Path) -> Path:
    """The file of data-quality rules: DEALHOUSE_RULES, else the one given."""
    return Path(os.environ.get("DEALHOUSE_RULES") or default)  # noqa: TID251


def alerts_path() -> Path:
    """The file of alerts: DEALHOUSE_ALERTS, else alerts.yml in the current folder; it need not exist."""
    return Path(os.environ.get("DEALHOUSE_ALERTS") or "alerts.yml")  # noqa: TID251


def load_settings(path: Path | None = None) -> Settings:
    """Read and check the settings file.

    Args:
        path: The file; without it the one of `settings_path`.

    Raises:
        SettingsError: Naming the file, connection and key, and what is allowed there.
    """
    path = path or settings_path()
    document, filled = filled_document(
        path, "connections.example.yml", "reporting and connections", "connection"
    )
    try:
        return Settings.model_validate(filled)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
    raise readable(problems, document, path)


def filled_document(path: Path, example: str, keys: str, item: str) -> tuple[dict[str, Any], Any]:
    """A settings file as it stands, and the same with every ${VAR} filled in.

    Args:
        path: The file.
        example: The file to compare it with, for errors.
        keys: What it must hold, for errors.
        item: What the entries of its lists that have a name are called, for errors.
    """
    document = _read_yaml(path, example, keys)
    return document, _fill_in(document, _variables(path), path, item)


class _DoubledKeyError(Exception):
    """A block says the same twice, of which YAML would keep the last."""


class _Loader(yaml.SafeLoader):
    """YAML's own, but for keys that stand twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                line = node.start_mark.line + 1
                raise _DoubledKeyError(f"line {line}: the key {key!r} stands there twice.")
        return super().construct_mapping(node, deep)


def _read_yaml(path: Path, example: str, keys: str) -> dict[str, Any]:
    if not path.is_file():
        raise SettingsError(
            "the settings file is missing.",
            str(path),
            "Copy connections.example.yml to connections.yml and .env.example to .env and fill them in,"
            " or let DEALHOUSE_CONNECTIONS name another file.",
        )
    problem = ""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506  a safe loader
    except _DoubledKeyError as error:
        problem = str(error)
    except yaml.MarkedYAMLError as error:  # its text quotes the line, where a secret may stand
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        problem = f"line {line} is not YAML: {error.problem}."
    except (yaml.YAMLError, UnicodeDecodeError):
        problem = "the file is not YAML in UTF-8."
    if problem:
        raise SettingsError(problem, str(path), f"Compare it with {example}.")
    if not isinstance(document, dict):
        raise SettingsError(
            f"the file must hold the keys {keys}.",
            str(path),
            f"Compare it with {example}.",
        )
    return document


def _variables(path: Path) -> dict[str, str]:
    """The environment over the `.env` beside the settings file."""
    secrets = path.parent / ".env"
    try:
        beside = dotenv_values(secrets, interpolate=False)
    except UnicodeDecodeError:
        beside = None
    if beside is None:
        raise SettingsError("the file is not text in UTF-8.", str(secrets), "Save it as UTF-8.")
    return {name: value for name, value in beside.items() if value is not None} | dict(os.environ)  # noqa: TID251


def _fill_in(document: dict[str, Any], variables: dict[str, str], path: Path, kind: str) -> Any:
    def fill(value: Any, where: str) -> Any:
        if isinstance(value, dict):
            return {key: fill(item, where) for key, item in value.items()}
        if isinstance(value, list):
            return [fill(item, _name_of(item, kind) or where) for item in value]
        return _substitute(value, where) if isinstance(value, str) else value

    def _substitute(text: str, where: str) -> str:
        for name in VARIABLE.findall(text):
            if not variables.get(name):
                raise SettingsError(
                    f"the variable {name} is not set.",
                    f"{path}, {where}" if where else str(path),
                    f"Set it in the environment or in {path.parent / '.env'}.",
                )
        if MISWRITTEN.search(VARIABLE.sub("", text)):
            raise SettingsError(
                "a $ stands where a variable may be meant.",
                f"{path}, {where}" if where else str(path),
                "Write variables as ${NAME}, with letters, digits and _.",
            )
        return VARIABLE.sub(lambda match: variables[match.group(1)], text)

    return fill(document, "")


def _name_of(item: Any, kind: str) -> str:
    name = item.get("name") if isinstance(item, dict) else None
    return f"{kind} {name!r}" if isinstance(name, str) else ""
