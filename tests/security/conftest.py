"""The fixtures of the command line."""

from __future__ import annotations

from tests.orchestration.conftest import dealhouse, home_with_reports, places, published_home

__all__ = ["dealhouse", "home_with_reports", "places", "published_home"]
