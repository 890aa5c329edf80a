"""alerts.yml, validated: who is told what, through which channel, and when not."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from extract.core.errors import SettingsError
from extract.core.settings import Timezone, alerts_path, filled_document
from orchestration.alerts.mailboxes import IS_EMAIL, mailbox
from orchestration.alerts.routes_errors import readable
from quality.rules import load_rules

EXAMPLE = "alerts.example.yml"
EMAIL_PLACE = "{email}"
ALL = "all"

Language = Literal["en", "ru"]
Severity = Literal["error", "warning", "info"]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$", max_length=60)]


def _listed(value: Any) -> Any:
    """One value where a list is allowed."""
    return value if isinstance(value, list | tuple) else () if value is None else (value,)


def _clock(value: Any) -> Any:
    """YAML reads 20:00 without quotes as sixty times twenty."""
    is_minutes = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 24 * 60
    return time(value // 60, value % 60) if is_minutes else value


Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Addresses = Annotated[tuple[SecretStr, ...], BeforeValidator(_listed)]
Clock = Annotated[time, BeforeValidator(_clock)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class QuietHours(_Strict):
    """The hours in which nothing is sent; they may pass midnight."""

    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="to")
    timezone: Timezone | None = None

    @model_validator(mode="after")
    def _lasts_some_time(self) -> Self:
        if self.begin == self.end:
            raise ValueError("from and to are the same time; leave quiet_hours out to be told at any hour")
        return self


class Route(_Strict):
    """Who is told what."""

    name: Name
    to: Literal["owner", "manager", "analyst", "operators"]
    channel: Names = ()
    emails: Names = ()
    owners: dict[str, Addresses] = {}
    department: str = ALL
    connections: Names = ()
    severities: Annotated[tuple[Severity, ...], BeforeValidator(_listed)] = ()
    rules: Names = ()
    mode: Literal["digest", "at_once"] = "digest"
    quiet_hours: QuietHours | None = None
    max_rows: int = Field(default=20, ge=1, le=500)
    show_values: bool = False
    language: Language | None = None

    @model_validator(mode="after")
    def _has_a_way(self) -> Self:
        if not self.channel and not (self.to == "owner" and self.owners):
            raise ValueError("channel: is missing; name one of channels")
        for key in ("emails", "department", "owners", "severities", "rules", "connections"):
            if key in self.model_fields_set and key not in _ALLOWED[self.to]:
                raise ValueError(f"{key}: means nothing on a route to {self.to}")
        if not all(IS_EMAIL.fullmatch(email) and mailbox(email) for email in self.emails):
            raise ValueError("emails: list addresses such as anna@acme.com")
        for owner, addresses in self.owners.items():
            told = [address.get_secret_value() for address in addresses]
            if not all(mailbox(address) for address in told if IS_EMAIL.fullmatch(address)):
                raise ValueError(f"owners.{owner}: write an e-mail address such as anna@acme.com")
        return self

    @property
    def is_of_operators(self) -> bool:
        """Whether the route is told how Dealhouse does, not how the records do."""
        return self.to == "operators"

    def lets_pass(self, severity: str | None, rule_id: str, connection: str) -> bool:
        """Whether an issue is told on this route, whoever owns it."""
        return (
            (not self.severities or severity in self.severities)
            and (not self.rules or rule_id in self.rules)
            and (not self.connections or connection in self.connections)
        )


_FILTERS = ("severities", "rules", "connections")
_ALLOWED = {
    "owner": ("owners", *_FILTERS),
    "manager": ("emails", "department", *_FILTERS),
    "analyst": ("emails", *_FILTERS),
    "operators": ("emails",),
}


class Alerts(_Strict):
    """Everything alerts.yml says."""

    language: Language = "en"
    channels: dict[Name, SecretStr]
    routes: tuple[Route, ...]

    @model_validator(mode="after")
    def _routes_lead_somewhere(self) -> Self:
        names = [route.name for route in self.routes]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"two routes are named {doubled[0]!r}; names must differ")
        for route in self.routes:
            for channel in route.channel:
                self._check(route, channel)
            if route.emails and not any(self.takes_email(channel) for channel in route.channel):
                raise ValueError(f"route {route.name!r}: emails: no channel of it holds {EMAIL_PLACE}")
        return self

    def _check(self, route: Route, channel: str) -> None:
        if channel not in self.channels:
            known = ", ".join(self.channels) or "none"
            raise ValueError(f"route {route.name!r}: there is no channel {channel!r}; known: {known}")
        if route.to != "owner" and self.takes_email(channel) and not route.emails:
            raise ValueError(f"route {route.name!r}: emails: is missing; channel {channel!r} asks for them")

    def takes_email(self, channel: str) -> bool:
        """Whether the channel's address has a place for the e-mail address of a person."""
        return EMAIL_PLACE in self.channels[channel].get_secret_value()

    def language_of(self, route: Route) -> Language:
        """What a route is written in."""
        return route.language or self.language

    def route(self, name: str) -> Route:
        """The route of that name."""
        for route in self.routes:
            if route.name == name:
                return route
        known = ", ".join(route.name for route in self.routes) or "none"
        raise SettingsError(f"there is no route {name!r}.", str(alerts_path()), f"Known: {known}.")


def load_alerts(path: Path | None = None) -> Alerts | None:
    """Read and check alerts.yml; None where there is none, which means no alerts.

    Raises:
        SettingsError: Naming the file, route and key, and what is allowed there.
    """
    path = path or alerts_path()
    if not path.exists() and path == Path("alerts.yml"):
        return None
    if not path.is_file():
        raise SettingsError(
            "the file of alerts is missing.", str(path), "Correct DEALHOUSE_ALERTS, or unset it."
        )
    document, filled = filled_document(path, EXAMPLE, "channels and routes", "route")
    try:
        alerts = Alerts.model_validate(filled)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
        raise readable(problems, document, path) from None
    _check_rules(alerts, path)
    return alerts


def _check_rules(alerts: Alerts, path: Path) -> None:
    """An error for a rule that nobody declared: its issues would be waited for in vain."""
    named = {rule for route in alerts.routes for rule in route.rules}
    declared = {rule.id for rule in load_rules().rules} if named else named
    for route in alerts.routes:
        for rule in route.rules:
            if rule not in declared:
                what = f"route {route.name!r}: rules: there is no rule {rule!r}."
                raise SettingsError(what, str(path), "See quality/rules.yml.")
