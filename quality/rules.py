"""`rules.yml`, validated, and what it comes to for each connection."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from extract.core.errors import SettingsError
from extract.core.settings import CRMS, Crm, rules_path
from quality.rules_check import mistakes
from quality.rules_errors import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from extract.core.settings import Connection, Settings

FILE = Path(__file__).with_name("rules.yml")
Setting = Literal["sla_hours", "phone_region", "required_fields"]
Severity = Literal["error", "warning", "info"]
RecordType = Literal["deal", "lead", "contact", "company", "activity", "employee", "any"]
Value = StrictInt | StrictFloat | StrictStr | tuple[StrictStr, ...] | None
Text = Annotated[str, StringConstraints(min_length=1)]
RuleId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Title(_Strict):
    """What people read, in the languages of the alerts."""

    en: Text
    ru: Text


class Exceptional(_Strict):
    """What one connection sees otherwise."""

    enabled: bool | None = None
    severity: Severity | None = None
    parameters: dict[str, Value] = {}


class Rule(_Strict):
    """One rule as the file declares it."""

    id: RuleId
    record_type: RecordType
    severity: Severity
    title: Title
    why: Text
    fix: Text | dict[Crm, Text]
    parameters: dict[str, Value] = {}
    from_settings: dict[str, Setting] = {}
    heeds: tuple[Setting, ...] = ()
    reads: tuple[Literal["activity", "contact", "company", "deal"], ...] = ()
    threshold: Annotated[float, Field(ge=0, le=1)] | None = None
    enabled: bool = True
    revision: Annotated[int, Field(ge=1)] = 1
    connections: dict[str, Exceptional] = {}

    @model_validator(mode="after")
    def _parameters_are_declared(self) -> Self:
        undeclared = sorted(set(self.from_settings) - set(self.parameters))
        if undeclared:
            raise ValueError(f"from_settings.{undeclared[0]}: no such parameter is declared")
        for connection, exceptional in self.connections.items():
            for name, value in exceptional.parameters.items():
                where = f"connections.{connection}.parameters.{name}"
                if name not in self.parameters:
                    known = ", ".join(self.parameters) or "none"
                    raise ValueError(f"{where}: is unknown; known: {known}")
                if _kind(value) != _kind(self.parameters[name]) and self.parameters[name] is not None:
                    raise ValueError(f"{where}: must be a {_kind(self.parameters[name])}")
        return self

    @model_validator(mode="after")
    def _every_crm_has_its_fix(self) -> Self:
        missing = [crm for crm in CRMS if isinstance(self.fix, dict) and crm not in self.fix]
        if missing:
            raise ValueError(f"fix.{missing[0]}: is missing; write one text, or one per CRM")
        return self

    def for_connection(self, connection: Connection) -> dict[str, Any]:
        """The rule as it holds there: a row of the lake, without its time."""
        exceptional = self.connections.get(connection.name, Exceptional())
        settings = connection.mappings.model_dump()
        told = {name: settings[key] for name, key in self.from_settings.items() if settings[key] is not None}
        parameters = self.parameters | told | exceptional.parameters
        heeded = [settings[key] for key in self.heeds if settings[key] is not None]
        is_enabled = self.enabled if exceptional.enabled is None else exceptional.enabled
        return {
            "rule_id": self.id,
            "connection": connection.name,
            "record_type": self.record_type,
            "severity": exceptional.severity or self.severity,
            "title_en": self.title.en,
            "title_ru": self.title.ru,
            "why": self.why,
            "fix": self.fix if isinstance(self.fix, str) else self.fix[connection.crm],
            "parameters": json.dumps(parameters, sort_keys=True, ensure_ascii=False),
            "threshold": self.threshold,
            "reads": ",".join(self.reads),
            "is_enabled": is_enabled,
            "rule_version": _version([self.revision, parameters, is_enabled, *heeded]),
        }


class Rules(_Strict):
    """The whole file."""

    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        ids = [rule.id for rule in self.rules]
        doubled = sorted({rule_id for rule_id in ids if ids.count(rule_id) > 1})
        if doubled:
            raise ValueError(f"two rules have the id {doubled[0]!r}; ids must differ")
        return self

    def effective(self, settings: Settings) -> list[dict[str, Any]]:
        """Every rule for every connection.

        Raises:
            SettingsError: When a rule names a connection that is not there.
        """
        names = [connection.name for connection in settings.connections]
        for rule in self.rules:
            for name in rule.connections:
                if name not in names:
                    raise SettingsError(
                        f"rule {rule.id!r}: connections.{name}: there is no such connection.",
                        str(rules_path(FILE)),
                        f"Known: {', '.join(names)}.",
                    )
        return [rule.for_connection(connection) for rule in self.rules for connection in settings.connections]


def load_rules(path: Path | None = None, ours: Path = FILE) -> Rules:
    """Read and check the file of rules: the one given, the one DEALHOUSE_RULES names, else ours.

    Args:
        path: The file.
        ours: The file that declares every rule that there is.

    Raises:
        SettingsError: Naming the file, the rule, the key, and what is allowed there.
    """
    path = path or rules_path(FILE)
    rules = _validated(path)
    if path == ours:
        return rules
    declared = {rule.id: rule for rule in _validated(ours).rules}
    wrong = list(mistakes(rules.rules, tuple(declared.values())))
    if wrong:
        raise SettingsError(" ".join(wrong), str(path), f"Compare it with {ours}.")
    # What its SQL looks at is no company's choice.
    facts = {rule.id: {"reads": rule.reads, "heeds": rule.heeds} for rule in declared.values()}
    return Rules(rules=tuple(rule.model_copy(update=facts[rule.id]) for rule in rules.rules))


def _validated(path: Path) -> Rules:
    document = _read(path)
    try:
        return Rules.model_validate(document)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False)
    raise readable(problems, document, path)


def _read(path: Path) -> Mapping[str, Any]:
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        what = "the file of rules is missing."
        raise SettingsError(what, str(path), "Correct DEALHOUSE_RULES, or unset it.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        what = f"the file is not YAML in UTF-8: {error}"
        raise SettingsError(what, str(path), f"Compare it with {FILE}.") from None
    if not isinstance(document, dict):
        raise SettingsError("the file must hold the key rules.", str(path), f"Compare it with {FILE}.")
    return document


def _kind(value: Value) -> str:
    if isinstance(value, str):
        return "text"
    return "list of texts" if isinstance(value, tuple) else "number"


def _version(parts: list[Any]) -> str:
    """Changes with what changes the findings: how a rule is called or weighed does not."""
    content = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:12]
