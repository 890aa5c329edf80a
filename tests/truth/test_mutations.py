"""A flipped operator or constant in a rule's SQL turns the comparison red."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.oracle.expected import KEYS
from tests.truth import compare
from tests.truth.golden_checks import differences
from tests.truth.warehouse import PROJECT, Warehouse

if TYPE_CHECKING:
    from tests.truth.conftest import Moment


@dataclass(frozen=True)
class Mutation:
    """In `file`, `old` (which stands there once) becomes `new`; `model` is the first one it changes."""

    rule: str
    file: str
    old: str
    new: str
    in_model: str = ""

    @property
    def model(self) -> str:
        """The first model to build again."""
        return self.in_model or Path(self.file).stem


HISTORY = "models/stage_history"
CORE = "models/marts/core"
ALWAYS = [
    Mutation(
        "a lost deal fills in no stage",
        f"{HISTORY}/int_filled_in_stages.sql",
        "and outcomes.status <> 'lost'",
        "and outcomes.status <> 'open'",
    ),
    Mutation(
        "another closed kind begins another run",
        f"{HISTORY}/int_deal_outcomes.sql",
        "stages.stage_kind <> statuses.status",
        "stages.stage_kind = 'open'",
    ),
]
EXHAUSTIVE = [
    Mutation(
        "a close date after the capture says nothing",
        f"{HISTORY}/int_deal_outcomes.sql",
        "statuses.crm_closed_at <= statuses.captured_at",
        "statuses.crm_closed_at is not null",
    ),
    Mutation(
        "going back is not passing on",
        f"{HISTORY}/int_visited_stages.sql",
        "furthest_later_position > position",
        "furthest_later_position < position",
    ),
    Mutation(
        "the current stay is not completed",
        f"{HISTORY}/int_visited_stages.sql",
        "count(duration_seconds) as completed_visits",
        "count(*) as completed_visits",
    ),
    Mutation(
        "only a lost deal is lost from somewhere",
        f"{CORE}/fct_deal_stages.sql",
        "when deals.status = 'lost'",
        "when deals.status <> 'open'",
    ),
    Mutation(
        "who was responsible at closing answers for it",
        f"{CORE}/fct_deals.sql",
        "else versions.owner_key",
        "else deals.owner_key",
    ),
    Mutation(
        "deleted deals have no present state",
        f"{CORE}/fct_deals.sql",
        "where not is_template and not is_deleted",
        "where not is_template",
    ),
    Mutation(
        "the first known rate is an estimate before its day",
        "models/conformed/money/int_currency_intervals.sql",
        "true as is_rate_estimated",
        "false as is_rate_estimated",
    ),
    Mutation(
        "a history that begins late is taken back to the creation",
        "macros/stage_history/told_entries.sql",
        "interval 60 second",
        "interval 60 day",
        in_model="int_stage_visits",
    ),
    Mutation(
        "skipping is more than one step",
        "macros/marts/stage_move.sql",
        "> {{ from_stage }}.position + 1",
        "> {{ from_stage }}.position + 2",
        in_model="fct_stage_visits",
    ),
    Mutation(
        "days are those of the reporting zone",
        "macros/cross_db/local_date.sql",
        "cast(({{ utc }} at time zone 'UTC') at time zone {{ zone }} as date)",
        "cast({{ utc }} as date)",
        in_model="int_deal_outcomes",
    ),
]


def mutated_project(folder: Path, mutation: Mutation) -> Path:
    """A copy of the project with the mutation in it."""
    for name in ("models", "macros", "dbt_project.yml", "profiles.yml"):
        copy = shutil.copytree if (PROJECT / name).is_dir() else shutil.copy
        copy(PROJECT / name, folder / name)
    file = folder / mutation.file
    text = file.read_text(encoding="utf-8")
    found = text.count(mutation.old)
    assert found == 1, f"{mutation.file} holds {mutation.old!r} {found} times"
    file.write_text(text.replace(mutation.old, mutation.new), encoding="utf-8")
    return folder


def warehouse_copy(folder: Path, built: Warehouse, project: Path) -> Warehouse:
    """The files of a built warehouse under another home, over the same lake."""
    warehouse = Warehouse(folder, project)
    warehouse.share(built)
    shutil.copy(built.home / "warehouse.duckdb", folder)
    shutil.copy(built.home / "serving" / "next.duckdb", folder / "serving")
    return warehouse


@pytest.mark.parametrize(
    "mutation",
    [
        *[pytest.param(mutation, id=mutation.rule) for mutation in ALWAYS],
        *[pytest.param(mutation, id=mutation.rule, marks=pytest.mark.exhaustive) for mutation in EXHAUSTIVE],
    ],
)
def test_a_wrong_rule_is_found(
    golden_warehouse: tuple[Warehouse, Moment], tmp_path: Path, mutation: Mutation
) -> None:
    built, right = golden_warehouse
    project = tmp_path / "project"
    project.mkdir()
    warehouse = warehouse_copy(tmp_path / "home", built, mutated_project(project, mutation))
    warehouse.build("--full-refresh", "--select", f"{mutation.model}+", command="run")
    marts = {model: warehouse.rows(model) for model in KEYS}
    by_oracle = [compare.differences(model, KEYS[model], right.oracle[model], marts[model]) for model in KEYS]
    assert differences(marts) or any(by_oracle), f"{mutation.rule}: nobody noticed"
