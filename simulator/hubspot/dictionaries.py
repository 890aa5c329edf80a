"""Dictionaries of a HubSpot account: pipelines, owners, rates, and the account itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from simulator.hubspot.deals import probability_text
from simulator.identifiers import hubspot as ids
from simulator.model import Employee, LeadStage, Pipeline, Rate, Stage, StageKind, World

if TYPE_CHECKING:
    from datetime import datetime

PORTAL_ID = 1_234_567


def pipelines(world: World, now: datetime) -> list[dict[str, Any]]:
    """Every pipeline with the stages that exist."""
    return [_pipeline(pipeline, world.start, now) for pipeline in world.pipelines]


def _pipeline(pipeline: Pipeline, start: datetime, now: datetime) -> dict[str, Any]:
    existing = [stage for stage in pipeline.stages if stage.deleted_at is None or stage.deleted_at > now]
    ordered = sorted(existing, key=lambda stage: stage.sort)
    changed_at = max(at for stage in existing for at, _ in stage.names)
    return {
        "id": ids.pipeline_id(pipeline.number),
        "label": pipeline.name,
        "displayOrder": pipeline.number,
        "archived": False,
        "createdAt": ids.instant_text(start),
        "updatedAt": ids.instant_text(changed_at),
        "stages": [_stage(pipeline.number, stage, order) for order, stage in enumerate(ordered)],
    }


def _stage(pipeline: int, stage: Stage, order: int) -> dict[str, Any]:
    is_closed = stage.kind is not StageKind.OPEN
    return {
        "id": ids.stage_id(pipeline, stage.number),
        "label": stage.names[-1][1],
        "displayOrder": order,
        "metadata": {"isClosed": "true" if is_closed else "false", "probability": probability_text(stage)},
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "archived": False,
        "createdAt": ids.instant_text(stage.created_at),
        "updatedAt": ids.instant_text(stage.names[-1][0]),
    }


def lead_pipelines(world: World) -> list[dict[str, Any]]:
    """The one pipeline of leads; what its stages mean is told nowhere."""
    created_at = ids.instant_text(world.start)
    ordered = sorted(world.lead_stages, key=lambda stage: stage.sort)
    return [
        {
            "id": ids.LEAD_PIPELINE,
            "label": "Lead pipeline",
            "displayOrder": 0,
            "archived": False,
            "createdAt": created_at,
            "updatedAt": created_at,
            "stages": [_lead_stage(stage, order, created_at) for order, stage in enumerate(ordered)],
        }
    ]


def _lead_stage(stage: LeadStage, order: int, created_at: str) -> dict[str, Any]:
    return {
        "id": ids.lead_stage_id(stage.number),
        "label": stage.name,
        "displayOrder": order,
        "metadata": {},
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
        "archived": False,
        "createdAt": created_at,
        "updatedAt": created_at,
    }


def teams(world: World, now: datetime) -> list[dict[str, Any]]:
    """The teams with the people who are there."""
    people = [
        person
        for person in world.employees
        if person.hired_at <= now and (person.dismissed_at is None or person.dismissed_at > now)
    ]
    return [
        {
            "id": ids.team_id(department.number),
            "name": department.name,
            "userIds": [
                str(ids.user_id(person.number)) for person in people if person.department == department.number
            ],
            "secondaryUserIds": [],
        }
        for department in world.departments
    ]


def owners(world: World, now: datetime, *, is_archived: bool) -> list[dict[str, Any]]:
    """Present people, or those who left."""
    rows = []
    for person in world.employees:
        has_left = person.dismissed_at is not None and person.dismissed_at <= now
        if person.hired_at <= now and has_left is is_archived:
            rows.append(_owner(world, person, is_archived=is_archived))
    return rows


def _owner(world: World, person: Employee, *, is_archived: bool) -> dict[str, Any]:
    names = {department.number: department.name for department in world.departments}
    team = {"id": ids.team_id(person.department), "name": names[person.department], "primary": True}
    owner: dict[str, Any] = {
        "id": ids.owner_id(person.number),
        "email": person.email,
        "firstName": person.first_name,
        "lastName": person.last_name,
        "userIdIncludingInactive": ids.user_id(person.number),
        "type": "PERSON",
        "teams": [team],
        "archived": is_archived,
        "createdAt": ids.instant_text(person.hired_at),
        "updatedAt": ids.instant_text(person.dismissed_at or person.hired_at),
    }
    if not is_archived:
        owner["userId"] = ids.user_id(person.number)
    return owner


def exchange_rates(world: World, now: datetime) -> list[dict[str, Any]]:
    """Every dated rate into the company's currency."""
    base = world.base_currency
    return [
        _rate(number, rate, base)
        for number, rate in enumerate(world.rates, start=500_001)
        if rate.currency != base and rate.valid_from <= now
    ]


def _rate(number: int, rate: Rate, base: str) -> dict[str, Any]:
    effective_at = ids.instant_text(rate.valid_from)
    return {
        "id": str(number),
        "fromCurrencyCode": rate.currency,
        "toCurrencyCode": base,
        "conversionRate": float(rate.rate),
        "effectiveAt": effective_at,
        "visibleInUI": True,
        "createdAt": effective_at,
        "updatedAt": effective_at,
    }


def current_rates(world: World, now: datetime) -> list[dict[str, Any]]:
    """The newest rate of each currency."""
    newest = {row["fromCurrencyCode"]: row for row in exchange_rates(world, now)}
    return list(newest.values())


def account(world: World, now: datetime) -> dict[str, Any]:
    """The account's details."""
    offset = now.astimezone(ZoneInfo(world.timezone)).strftime("%z")
    sign = -1 if offset.startswith("-") else 1
    minutes = sign * (int(offset[1:3]) * 60 + int(offset[3:5]))
    others = sorted({rate.currency for rate in world.rates} - {world.base_currency})
    return {
        "portalId": PORTAL_ID,
        "accountType": "STANDARD",
        "timeZone": world.timezone,
        "companyCurrency": world.base_currency,
        "additionalCurrencies": others,
        "utcOffset": f"{offset[:3]}:{offset[3:]}",
        "utcOffsetMilliseconds": minutes * 60_000,
        "uiDomain": "app-eu1.hubspot.com",
        "dataHostingLocation": "eu1",
    }
