"""The page on what each CRM can say follows the models."""

from __future__ import annotations

from pathlib import Path

from tests.dbt.crm_coverage import CRMS, PAGE, PROJECT, effects, page, untold


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.dbt.crm_coverage"


def test_every_column_that_a_crm_leaves_empty_has_an_effect_and_no_other_has() -> None:
    assert set().union(*(untold(crm) for crm in CRMS)) == set(effects()["columns"])


def test_every_report_named_exists() -> None:
    known = {path.stem for path in Path(PROJECT / "models" / "marts").rglob("rpt_*.sql")}
    about = [*effects()["columns"].values(), *(limit for crm in CRMS for limit in effects()["limits"][crm])]
    assert {report for entry in about for report in entry["reports"]} <= known
