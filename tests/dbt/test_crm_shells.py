"""A new CRM begins with every model of the contract, all of them empty."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import yaml

from tests.dbt.crm_shells import PROJECT, shared_models, write_shells

if TYPE_CHECKING:
    from pathlib import Path


def test_every_shared_model_gets_an_empty_one_in_its_shape(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "models", tmp_path / "models")
    written = {path.stem.removeprefix("int_acme__"): path for path in write_shells(tmp_path, "acme", "Acme")}
    assert sorted(written) == shared_models(PROJECT)
    shapes = {
        model["name"]: [column["name"] for column in model["columns"]]
        for path in (tmp_path / "models").rglob("*.yml")
        if "__unit_tests" not in path.name and "int_acme__" in path.read_text(encoding="utf-8")
        for model in yaml.safe_load(path.read_text(encoding="utf-8"))["models"]
    }
    for entity, path in written.items():
        columns = re.findall(r"as (\w+),?$", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert columns == shapes[f"int_acme__{entity}"] == shapes[f"int_hubspot__{entity}"]
    assert write_shells(tmp_path, "acme", "Acme") == []


def test_the_models_of_the_guide_have_every_column_of_the_contract(tmp_path: Path) -> None:
    shutil.copytree(PROJECT / "models", tmp_path / "models")
    shells = {path.stem: path.read_text(encoding="utf-8") for path in write_shells(tmp_path, "acme", "Acme")}
    guide = (PROJECT / "docs" / "add-a-crm.md").read_text(encoding="utf-8")
    shown = re.findall(r"`models/conformed/\S+/(int_acme__\w+)\.sql`.*?```sql\n(.*?)```", guide, re.DOTALL)
    assert len(shown) > 1
    for model, sql in shown:
        columns = re.findall(r"as (\w+),?$", shells[model], re.MULTILINE)
        assert [column for column in columns if not re.search(rf"\b{column}\b", sql)] == [], model
