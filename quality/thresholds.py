"""`expectations.yml`, validated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from extract.core.errors import DealhouseError

FILE = Path(__file__).with_name("expectations.yml")
Share = Annotated[float, Field(ge=0, le=1)]
Severity = Literal["error", "warning"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    severity: Severity


class Freshness(_Strict):
    """How old the last complete read may be."""

    hours: Annotated[float, Field(gt=0)]


class Volume(_Strict):
    """How much of a lake table may vanish between two builds."""

    largest_drop: Share
    smallest_table: Annotated[int, Field(ge=0)]


class SchemaDrift(_Strict):
    """When keys of payloads count as vanished, and how bad that is for a key that staging reads."""

    smallest_load: Annotated[int, Field(ge=1)]
    usual_share: Share
    vanished_contract_key: Severity


class Reconciliation(_Strict):
    """How many records that a CRM shows may be missing or outdated in the lake."""

    largest_share: Share
    largest_count: Annotated[int, Field(ge=0)]


class RowDrop(_Strict):
    """How much of a mart may vanish between two publications."""

    largest_drop: Share
    largest_row_drop: Annotated[int, Field(ge=0)]


class KeysNotNull(_Strict):
    """A mart's key is never null."""


class RuleShares(_Strict):
    """From how many records on rules keep their thresholds, which stand with the rules."""

    smallest_table: Annotated[int, Field(ge=0)]


class Landed(BaseModel):
    """Expectations on what was landed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    freshness: Freshness
    volume: Volume
    schema_drift: SchemaDrift
    reconciliation: Reconciliation


class Publication(BaseModel):
    """Expectations on what is about to be published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    row_drop: RowDrop
    keys_not_null: KeysNotNull
    rule_shares: RuleShares


class Thresholds(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    landed: Landed
    publication: Publication


def read_thresholds(path: Path = FILE) -> Thresholds:
    """Read and check the file."""
    try:
        return Thresholds.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise DealhouseError(
            f"The expectations are not right: {error}", str(path), "Correct the file."
        ) from error
