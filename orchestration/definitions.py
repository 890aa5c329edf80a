"""What Dagster loads: `dagster dev -m orchestration.definitions`."""

from __future__ import annotations

import dagster as dg

from extract.core.settings import dealhouse_home
from orchestration.cycle import Cycle
from orchestration.job import make_definitions

RETRIES = 3


@dg.definitions
def definitions() -> dg.Definitions:
    """The cycle over DEALHOUSE_HOME; where nobody watches, what may pass is tried again."""
    return make_definitions(Cycle(dealhouse_home(), retries=RETRIES))
