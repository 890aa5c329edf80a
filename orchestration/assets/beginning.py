"""What a run is, told to the cycle by the first of its steps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import dagster as dg

    from orchestration.cycle import Cycle

JOB, NIGHTLY = "cycle", "nightly"


def begin(cycle: Cycle, context: dg.AssetExecutionContext) -> None:
    """A whole job reads all CRMs at the same time; at night it sweeps what else is swept once a day."""
    run = context.run
    if run.job_name in {JOB, NIGHTLY} and run.asset_selection is None:
        cycle.is_one_process = True
    if is_nightly(context):
        cycle.wish = replace(cycle.wish, is_thorough=True)


def is_nightly(context: dg.AssetExecutionContext) -> bool:
    """Whether this run is the night's."""
    return context.run.job_name == NIGHTLY
