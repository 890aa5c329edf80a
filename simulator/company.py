"""The company itself: people, pipelines, custom fields and rates, as they were when its records begin."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator import names
from simulator.model import (
    LOST_STAGE,
    OTHER_LOST_STAGE,
    WON_STAGE,
    CustomField,
    Department,
    Employee,
    FieldType,
    Pipeline,
    Rate,
    Stage,
    StageKind,
)

if TYPE_CHECKING:
    from random import Random

BASES = (("EUR", "Europe/Berlin"), ("RUB", "Europe/Moscow"), ("USD", "America/New_York"))
# What one unit costs in US dollars; crossed to get the rates in any base.
WORTH = {"EUR": Decimal("1.08"), "USD": Decimal(1), "RUB": Decimal("0.0112"), "KZT": Decimal("0.0021")}
UNLISTED_CURRENCY = "TRY"  # a few deals are in a currency nobody keeps a rate of
RETIRED_STAGE = 6  # an open stage of the second pipeline that was deleted long ago: known from history only


def departments() -> list[Department]:
    """A tree of two levels under the root."""
    parents = (None, 1, 1, 2, 2)
    return [Department(n, name, parents[n - 1]) for n, name in enumerate(names.DEPARTMENTS, start=1)]


def employees(random: Random, size: float, start: datetime, now: datetime) -> list[Employee]:
    """From 8 to 30 people, every sixth of whom has left."""
    count = max(8, min(30, round(8 + size * 22)))
    people = []
    for number in range(1, count + 1):
        first, last = names.PEOPLE[(number - 1) % len(names.PEOPLE)]
        hired_at = start - timedelta(days=random.randint(10, 900))
        if number % 5 == 0:
            hired_at = start + timedelta(days=random.randint(30, 300))
        left = None
        if number % 6 == 0:
            left = now - timedelta(days=random.randint(30, 300), seconds=random.randint(0, 80_000))
        people.append(
            Employee(number, first, last, f"person{number}@example.com", 1 + number % 5, hired_at, left)
        )
    return people


def pipelines(start: datetime) -> list[Pipeline]:
    """Three pipelines; a stage of the first was renamed, one of the second deleted in the first year."""
    made = [_pipeline(number, start) for number in range(3)]
    made[0].stages[2].names.append((start + timedelta(days=200), "Quote sent & read"))
    retired = Stage(
        RETIRED_STAGE,
        [(start, "Старый этап")],
        25,
        StageKind.OPEN,
        Decimal("0.3"),
        start,
        start + timedelta(days=300, seconds=3723),
    )
    made[1].stages.insert(2, retired)
    return made


def _pipeline(number: int, start: datetime) -> Pipeline:
    labels = names.OPEN_STAGES[number]
    stages = [
        Stage(n, [(start, label)], n * 10, StageKind.OPEN, Decimal(n) / 10 + Decimal("0.1"), start)
        for n, label in enumerate(labels, start=1)
    ]
    closed = (
        (WON_STAGE, StageKind.WON, 1),
        (LOST_STAGE, StageKind.LOST, 0),
        (OTHER_LOST_STAGE, StageKind.LOST, 0),
    )
    for (stage, kind, probability), label in zip(closed, names.CLOSED_STAGES[number], strict=True):
        stages.append(
            Stage(stage, [(start, label)], 200 + stage - WON_STAGE, kind, Decimal(probability), start)
        )
    return Pipeline(number, names.PIPELINES[number], 10 + 10 * number, stages)


def custom_fields(start: datetime) -> list[CustomField]:
    """One field of every kind, and both single and multiple enumerations."""
    regions = tuple((str(n), label) for n, label in enumerate(names.REGION_LABELS, start=1))
    interests = tuple((str(n), label) for n, label in enumerate(names.INTEREST_LABELS, start=1))
    return [
        CustomField(1, [(start, "Регион")], FieldType.ENUMERATION, options=regions),
        CustomField(2, [(start, "Interests")], FieldType.ENUMERATION, is_multiple=True, options=interests),
        CustomField(3, [(start, "Номер договора")], FieldType.TEXT),
        CustomField(4, [(start, "Margin, %")], FieldType.NUMBER),
        CustomField(5, [(start, "Дата поставки")], FieldType.DATE),
        CustomField(6, [(start, "زمان بازدید")], FieldType.DATETIME),
        CustomField(7, [(start, "Tender?")], FieldType.BOOLEAN),
        CustomField(8, [(start, "Source notes")], FieldType.TEXT),
    ]


def rates(random: Random, base: str, start: datetime, now: datetime) -> list[Rate]:
    """The base at 1 from the beginning; every other currency at a new rate about every ten days."""
    known = [Rate(base, start, Decimal(1))]
    for currency in WORTH:
        if currency == base:
            continue
        at = start + timedelta(days=random.randint(0, 20), hours=random.randint(0, 20))
        while at <= now:
            known.append(Rate(currency, at, rate(random, currency, base)))
            at += timedelta(days=random.randint(5, 15), seconds=random.randint(0, 80_000))
    return sorted(known, key=lambda item: (item.valid_from, item.currency))


def rate(random: Random, currency: str, base: str) -> Decimal:
    """A rate near the usual one: four decimals, six where one unit costs less than one."""
    usual = WORTH[currency] / WORTH[base] * (Decimal(random.randint(9000, 11000)) / 10_000)
    return usual.quantize(Decimal("0.0001") if usual >= 1 else Decimal("0.000001"))
