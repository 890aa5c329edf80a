"""A flipped operator or constant in a rule's SQL turns the comparison red."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.oracle.days import sampled_days
from tests.oracle.expected import KEYS
from tests.truth import compare
from tests.truth.conftest import marts_of
from tests.truth.golden import REPORTING, connections
from tests.truth.golden_checks import differences
from tests.truth.mutations import MUTATIONS, Mutation
from tests.truth.warehouse import PROJECT, Warehouse

if TYPE_CHECKING:
    from pathlib import Path

    from tests.truth.conftest import Moment


def mutated_project(folder: Path, mutation: Mutation) -> Path:
    """A copy of the project with the mutation in it."""
    for name in ("models", "macros", "seeds", "dbt_project.yml", "profiles.yml"):
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


@pytest.mark.exhaustive
@pytest.mark.parametrize("mutation", [pytest.param(mutation, id=mutation.rule) for mutation in MUTATIONS])
def test_a_wrong_rule_is_found(
    golden_warehouse: tuple[Warehouse, Moment], tmp_path: Path, mutation: Mutation
) -> None:
    built, right = golden_warehouse
    project = tmp_path / "project"
    project.mkdir()
    warehouse = warehouse_copy(tmp_path / "home", built, mutated_project(project, mutation))
    warehouse.build("--full-refresh", "--select", f"{mutation.model}+", command="run")
    marts = marts_of(warehouse, sampled_days(connections(), REPORTING))
    by_oracle = [compare.differences(model, KEYS[model], right.oracle[model], marts[model]) for model in KEYS]
    assert differences(marts) or any(by_oracle), f"{mutation.rule}: nobody noticed"
