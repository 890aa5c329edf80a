"""The order of the suite."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

# Files that take minutes: they begin first, so that no worker is left alone with one of them at the end.
LONGEST_FIRST = (
    "test_whole_home.py",
    "test_truth.py",
    "test_extraction_kills.py",
    "test_dbt_project.py",
    "test_mutations.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files in front; within a file nothing moves."""
    last = len(LONGEST_FIRST)
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.path.name, last))
