"""The dictionary of metrics follows the models, and every report is exposed."""

from __future__ import annotations

import re

import pytest

from tests.dbt.metrics import MARTS, PAGE, Described, described, exposed, page

REPORTS = described()


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.dbt.metrics"


def test_the_page_has_every_report_and_every_measure() -> None:
    models = {path.stem for path in MARTS.rglob("rpt_*.sql")}
    text = page()
    assert {entry.report.name for entry in REPORTS} == models
    for entry in REPORTS:
        assert text.count(f"`{entry.report.name}`: ") == 1
        assert all(f"| `{measure.name}` | [" in text for measure in entry.report.measures)


def test_every_report_is_exposed_once() -> None:
    assert sorted(exposed()) == sorted(entry.report.name for entry in REPORTS)


def test_links_within_the_page_lead_somewhere() -> None:
    text = page()
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    anchors = {re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-")) for heading in headings}
    assert set(re.findall(r"\]\(#([^)]*)\)", text)) <= anchors


@pytest.mark.parametrize("entry", REPORTS, ids=lambda entry: entry.report.name)
def test_every_member_of_a_report_is_a_column_of_its_fact(entry: Described) -> None:
    report = entry.report
    assert {member.column for member in (*report.dimensions, *report.measures)} <= report.fact_columns.keys()
    assert set(report.columns) == entry.columns.keys()
    assert report.date_column in report.fact_columns
