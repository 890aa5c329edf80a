"""What both projections read of a world in the same way."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from simulator.model import Change, Deal, Lead, LeadStage, Pipeline, Stage, StageKind, World

Place = tuple[int, int]
UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term")


def stages_at(pipeline: Pipeline, moment: datetime) -> Iterator[Stage]:
    """The stages that exist at a moment."""
    for stage in pipeline.stages:
        is_gone = stage.deleted_at is not None and stage.deleted_at <= moment
        if stage.created_at <= moment and not is_gone:
            yield stage


def name_at(stage: Stage, moment: datetime) -> str:
    """What a stage is called at a moment."""
    return [name for since, name in stage.names if since <= moment][-1]


def kind_of(world: World, place: Place) -> StageKind:
    """What standing in a stage means, be it deleted or not."""
    return stage_of(world, place).kind


def stage_of(world: World, place: Place) -> Stage:
    """The stage at a place."""
    stages = {
        stage.number: stage
        for pipeline in world.pipelines
        if pipeline.number == place[0]
        for stage in pipeline.stages
    }
    return stages[place[1]]


def lead_stage_of(world: World, number: int) -> LeadStage:
    """A status of leads."""
    return next(stage for stage in world.lead_stages if stage.number == number)


def place_at(deal: Deal, moment: datetime) -> Place:
    """Pipeline and stage of a deal at a moment."""
    return cast("Place", deal.state_at(moment)["stage"])


def moves_until(record: Deal | Lead, moment: datetime) -> list[tuple[int, Change]]:
    """The entries into stages with their place among all changes; saving the same stage again is none."""
    moves: list[tuple[int, Change]] = []
    for place, change in enumerate(record.changes):
        is_entry = change.name == "stage" and (not moves or moves[-1][1].value != change.value)
        if is_entry and change.at <= moment:
            moves.append((place, change))
    return moves


def decimal_or_none(value: object) -> Decimal | None:
    """A number of a deal's state."""
    return None if value is None else Decimal(cast("Decimal", value))


def as_written(number: Decimal) -> str:
    """A number without exponent, as bodies carry it."""
    return format(number, "f")


def utm_of(state: dict[str, object]) -> tuple[str | None, ...]:
    """Its five marks; an empty text is none."""
    return tuple(cast("str | None", state.get(name)) or None for name in UTM)


def numbers(value: object) -> tuple[int, ...]:
    """Numbers of linked records; None is none."""
    if value is None:
        return ()
    return cast("tuple[int, ...]", tuple(value)) if isinstance(value, tuple | list) else (cast("int", value),)


def person_name(state: dict[str, object]) -> str | None:
    """First and last name, as far as there are any."""
    parts = (state.get("first_name"), state.get("last_name"))
    return " ".join(str(part) for part in parts if part) or None


def direction_of(is_inbound: bool | None) -> str | None:
    """Which way an activity went."""
    if is_inbound is None:
        return None
    return "inbound" if is_inbound else "outbound"
