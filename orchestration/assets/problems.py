"""Failures of a step as Dagster's, without a traceback; the cycle keeps the error for the command line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg

from extract.core.errors import DealhouseError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.cycle import Cycle


@contextmanager
def told(cycle: Cycle) -> Iterator[None]:
    """Turn what people can mend into a failed step."""
    try:
        yield
    except DealhouseError as error:
        cycle.problem = error
        raise dg.Failure(description=str(error), allow_retries=False) from error
