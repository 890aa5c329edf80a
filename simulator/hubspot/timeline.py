"""The history of each property of a record, as texts: what HubSpot keeps of its changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from simulator.identifiers import hubspot as ids

if TYPE_CHECKING:
    from simulator.model import Change

# Of facts that share a property, or properties that share a fact: what does not change is not written anew.
WRITTEN_WHEN_CHANGED = frozenset({"closedate", "phone", "mobilephone", "email", "hs_additional_emails"})
# A change of what a record is linked to changes no property, and does not count as a change of the record.
LINKS = frozenset({"company", "contacts", "companies", "lead", "bindings"})
MARKETING = {"source": "hs_analytics_source"} | {name: name for name in ids.UTM_FIELDS}

State = dict[str, Any]
Entries = list[tuple[str, str | None]]
Translate = Callable[["Change", State, Any], Entries]
"""What a change sets, by the state after it and the value that the changed field had before."""


@dataclass(frozen=True, slots=True)
class Version:
    """A value a property was given."""

    at: datetime
    value: str
    by: int

    def shown(self) -> dict[str, Any]:
        """An item of propertiesWithHistory."""
        return {
            "value": self.value,
            "timestamp": ids.instant_text(self.at),
            "sourceType": "CRM_UI",
            "sourceId": f"userId:{ids.user_id(self.by)}",
            "updatedByUserId": ids.user_id(self.by),
        }


Timeline = dict[str, list[Version]]


def timeline(changes: Sequence[Change], translate: Translate) -> Timeline:
    """Every property's versions, oldest first.

    What never had a value has no version; clearing leaves an empty text.
    """
    kept: Timeline = {}
    state: State = {}
    for change in changes:
        previous = state.get(change.name)
        state[change.name] = change.value
        for name, text in translate(change, state, previous):
            _append(kept.setdefault(name, []), change, name, text)
    return {name: versions for name, versions in kept.items() if versions}


def _append(versions: list[Version], change: Change, name: str, text: str | None) -> None:
    if text is None and not versions:
        return
    version = Version(change.at, text or "", change.by)
    if name in WRITTEN_WHEN_CHANGED and versions and versions[-1].value == version.value:
        return
    versions.append(version)


def common_entries(change: Change, plain: dict[str, str]) -> Entries:
    """What most fields set: the owner, the source, the campaign, and those `plain` names."""
    name, value = change.name, change.value
    if name == "owner":
        return [("hubspot_owner_id", None if value is None else ids.owner_id(cast("int", value)))]
    if name == "source":
        return [(MARKETING[name], None if value is None else ids.analytics_source(cast("int", value)))]
    if name in MARKETING:
        return [(MARKETING[name], plain_text(value))]
    return [(plain[name], plain_text(value))] if name in plain else []


def plain_text(value: Any) -> str | None:
    """A value of any kind but an enumeration as text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return ids.instant_text(value)
    return value.isoformat() if isinstance(value, date) else str(value)
