"""The history of each property of a deal, as texts: what HubSpot keeps of its changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from simulator.identifiers import hubspot as ids
from simulator.shown import State, close_date

if TYPE_CHECKING:
    from simulator.model import Change, Deal

PLANNED_HOUR = "T15:00:00Z"  # what HubSpot fills in when somebody picks a day


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


def timeline(deal: Deal, enumerations: frozenset[str]) -> Timeline:
    """Every property's versions, oldest first; `enumerations` names the changes whose values are options.

    What never had a value has no version; clearing leaves an empty text.
    """
    kept: Timeline = {}
    state: State = {"closed_at": None, "expected_close_date": None}
    for change in deal.changes:
        before = state.get("stage")
        state[change.name] = change.value
        for name, text in _properties(change, state, before, enumerations):
            _append(kept.setdefault(name, []), change, text, is_close_date=name == "closedate")
    return {name: versions for name, versions in kept.items() if versions}


def _append(versions: list[Version], change: Change, text: str | None, *, is_close_date: bool) -> None:
    if text is None and not versions:
        return
    version = Version(change.at, text or "", change.by)
    # One property stands for two facts of a deal; a change of the one that does not show is no change.
    if is_close_date and versions and versions[-1].value == version.value:
        return
    versions.append(version)


def _properties(
    change: Change, state: State, before: Any, enumerations: frozenset[str]
) -> list[tuple[str, str | None]]:
    name, value = change.name, change.value
    if name == "stage":
        pipeline, stage = cast("tuple[int, int]", value)
        entries: list[tuple[str, str | None]] = [("dealstage", ids.stage_id(pipeline, stage))]
        if before is None or before[0] != pipeline:
            entries.append(("pipeline", ids.pipeline_id(pipeline)))
        return entries
    if name in {"expected_close_date", "closed_at"}:
        return [("closedate", close_date_text(state))]
    if name == "owner":
        return [("hubspot_owner_id", None if value is None else ids.owner_id(cast("int", value)))]
    if name.startswith("custom:"):
        return [
            (
                ids.field_name(int(name.removeprefix("custom:"))),
                custom_text(value, is_enumeration=name in enumerations),
            )
        ]
    plain = {"title": "dealname", "amount": "amount", "currency": "deal_currency_code"}
    return [(plain[name], plain_text(value))] if name in plain else []


def close_date_text(state: State) -> str | None:
    """The close date: the instant of closing, or an afternoon of the planned day."""
    value = close_date(state)
    if value is None:
        return None
    return ids.instant_text(value) if isinstance(value, datetime) else value.isoformat() + PLANNED_HOUR


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


def custom_text(value: Any, *, is_enumeration: bool) -> str | None:
    """A custom value as text; of an enumeration the stored values, separated by semicolons."""
    if value is None or not is_enumeration:
        return plain_text(value)
    return ";".join(ids.option_value(option) for option in (value if isinstance(value, tuple) else (value,)))
