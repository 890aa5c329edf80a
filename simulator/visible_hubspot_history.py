"""The histories that HubSpot keeps of properties, and the ids that merges leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any, cast

from simulator.identifiers import hubspot as native
from simulator.visible_parts import as_written
from simulator.visible_records import VisiblePropertyRow

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

    from simulator.model import Deal, Lead, Record, World

State = dict[str, Any]
LINKS = {"company", "companies", "contacts", "lead", "bindings"}
# What writes a row even when it changes nothing.
SAVED_AS = {
    "stage": ("dealstage", "hs_pipeline_stage"),
    "amount": ("amount",),
    "owner": ("hubspot_owner_id",),
    "currency": ("deal_currency_code",),
}
PLANNED = time(15)  # the hour that a planned day is kept with


class CurrentIds:
    """The ids that records have at a moment: every merge gives its survivor a new one."""

    def __init__(self, world: World) -> None:
        self._merges: dict[tuple[str, int], list[tuple[datetime, int]]] = {}
        kinds = {"deal": world.deals, "contact": world.contacts, "company": world.companies}
        for kind, records in kinds.items():
            for record in cast("list[Record]", records):
                for change in record.changes:
                    if change.name == "merged_into" and change.value is not None:
                        self._merges.setdefault((kind, change.value), []).append((change.at, record.number))

    def merged_at(self, kind: str, number: int, moment: datetime) -> list[datetime]:
        """When others were merged into a record."""
        return [at for at, _ in self._merges.get((kind, number), []) if at <= moment]

    def earlier(self, kind: str, number: int, moment: datetime) -> list[str]:
        """The ids that a record took over in merges, its own former ones among them."""
        found: list[str] = []
        for order, (at, other) in enumerate(sorted(self._merges.get((kind, number), []))):
            if at <= moment:
                found += [str(native.merged_id(kind, number, order)), self.of(kind, other, at)]
                found += self.earlier(kind, other, at)
        return found

    def of(self, kind: str, number: int, moment: datetime) -> str:
        """The id of a deal, lead, contact or company."""
        if kind == "lead":
            return str(native.lead_id(number))
        return str(native.merged_id(kind, number, len(self.merged_at(kind, number, moment))))


def modified_at(record: Record, moment: datetime) -> datetime:
    """Links between records are kept beside them, so that changing one is no change of the record."""
    changes = [change.at for change in record.changes if change.at <= moment and change.name not in LINKS]
    return max(changes, default=record.created_at)


def lead_properties(state: State) -> dict[str, str | None]:
    """The properties of a lead whose history is asked for."""
    owner = state["owner"]
    return {
        "hs_pipeline_stage": native.lead_stage_id(cast("int", state["stage"])),
        "hs_pipeline": native.LEAD_PIPELINE,
        "hubspot_owner_id": None if owner is None else native.owner_id(cast("int", owner)),
    }


def deal_properties(state: State) -> dict[str, str | None]:
    """The properties of a deal whose history is asked for."""
    pipeline, stage = cast("tuple[int, int]", state["stage"])
    owner, amount = state["owner"], state["amount"]
    return {
        "dealstage": native.stage_id(pipeline, stage),
        "pipeline": native.pipeline_id(pipeline),
        "amount": None if amount is None else as_written(cast("Decimal", amount)),
        "closedate": _closedate(state["closed_at"] or state["expected_close_date"]),
        "hubspot_owner_id": None if owner is None else native.owner_id(cast("int", owner)),
        "deal_currency_code": cast("str | None", state["currency"]),
    }


def _closedate(value: object) -> str | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, PLANNED, tzinfo=UTC)
    return None if value is None else cast("datetime", value).isoformat()


def history(
    record_id: tuple[str, str],
    record: Deal | Lead,
    moment: datetime,
    properties: Callable[[State], dict[str, str | None]],
) -> list[VisiblePropertyRow]:
    """One row per property that a change sets, in order; a value saved again is set again."""
    shown: dict[str, str | None] = {}
    state: State = {
        "owner": None,
        "amount": None,
        "closed_at": None,
        "expected_close_date": None,
        "currency": None,
    }
    rows: list[VisiblePropertyRow] = []
    for order, change in enumerate(record.changes):
        if change.at > moment:
            break
        state[change.name] = change.value
        if "stage" not in state:
            continue
        for name, value in properties(state).items():
            is_saved_again = name in SAVED_AS.get(change.name, ())
            if is_saved_again or shown.get(name) != value:
                rows.append(VisiblePropertyRow(*record_id, order, name, change.at, value))
        shown = properties(state)
    return rows
