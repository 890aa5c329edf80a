"""What a simulated Bitrix24 portal holds, to compare with what was read of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from simulator.bitrix24 import dictionaries
from simulator.identifiers import bitrix24 as ids

if TYPE_CHECKING:
    from tests.extract.portals import Tried

KINDS = {
    "deals": "deal",
    "leads": "lead",
    "contacts": "contact",
    "companies": "company",
    "activities": "activity",
    "tasks": "task",
}


def kept(row: bytes) -> dict[str, Any]:
    """What the lake keeps of an item: of its files the ids."""
    item: dict[str, Any] = orjson.loads(row)
    if offer := item.get(ids.OFFER_FIELD):
        item[ids.OFFER_FIELD] = offer["id"]
    if scans := item.get(ids.SCANS_FIELD):
        item[ids.SCANS_FIELD] = [scan["id"] for scan in scans]
    return item


def shown(tried: Tried, entity: str) -> set[str]:
    """The ids that the world has of an entity."""
    world, index = tried.running.world, tried.running.portal.index
    index.refresh()
    if entity in KINDS:
        return {str(row.key) for row in index.rows[KINDS[entity]]}
    if entity == "deal_stage_history":
        return {str(entry.key) for entry in index.history}
    if entity == "pipelines":
        return {f"2:{row['id']}" for row in dictionaries.categories(world)}
    if entity == "users":
        return {str(person.number) for person in world.employees if person.hired_at <= world.now}
    rows = dictionaries.statuses(world, world.now)
    return {f"{row['ENTITY_ID']}:{row['STATUS_ID']}" for row in rows}


def assert_all_is_read(tried: Tried, entities: list[str]) -> None:
    runs = tried.cycle(entities=entities)
    assert {entity: run.error for entity, run in runs.items() if run.error} == {}
    for entity in entities:
        wanted = shown(tried, entity)
        assert wanted
        assert tried.present(entity).keys() == wanted, entity
