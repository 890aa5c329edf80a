"""The dictionary of metrics says what the published catalogue says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.reports.catalogue import read_report, read_reports
from tests.dbt.metrics import described

if TYPE_CHECKING:
    from tests.truth.conftest import Truth


def test_the_dictionary_and_the_catalogue_are_one(truth: Truth) -> None:
    known = {entry.report.name: entry.report for entry in described()}
    with truth.incremental.connect() as connection:
        assert read_reports(connection).keys() == known.keys()
        for name, report in known.items():
            published = read_report(connection, name)
            assert set(published.dimensions) == {*report.dimensions}, name
            assert set(published.measures) == {*report.measures}, name
            assert published.date_column == report.date_column
            assert (published.filter, published.day_filter) == (report.filter, report.day_filter)
