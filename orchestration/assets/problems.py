"""Failures of a step as Dagster's, without a traceback; the cycle keeps the error for the command line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias

import dagster as dg

from extract.core.errors import DealhouseError, TransientError
from extract.core.locks import LockedError
from orchestration.audit import AuditError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestration.cycle import Cycle

    Context: TypeAlias = dg.AssetExecutionContext | dg.AssetCheckExecutionContext

KIND, SUBJECT, TEXT = "kind", "where", "what"
RUN_FAILED, PUBLICATION_REFUSED = "run_failed", "publication_refused"
PASSING = (TransientError, LockedError)


@contextmanager
def told(cycle: Cycle, context: Context) -> Iterator[None]:
    """Turn what people can mend into a failed step, and what passes into another try of it."""
    try:
        yield
    except PASSING as error:
        try_again(cycle, context, error)
        raise _failure(cycle, error) from error
    except DealhouseError as error:
        raise _failure(cycle, error) from error


def try_again(cycle: Cycle, context: Context, error: DealhouseError) -> None:
    """Ask for another try of this step later, while there are tries left."""
    tries = context.op_execution_context.retry_number
    if tries < cycle.retries:
        wait = cycle.seconds_between_tries * 2**tries
        context.log.warning("%s Trying again in %.0f s.", error, wait)
        raise dg.RetryRequested(max_retries=cycle.retries, seconds_to_wait=wait) from error


def _failure(cycle: Cycle, error: DealhouseError) -> dg.Failure:
    cycle.problem = error
    kind = PUBLICATION_REFUSED if isinstance(error, AuditError) else RUN_FAILED
    told = {KIND: kind, SUBJECT: str(error.where or ""), TEXT: str(error.what)}
    return dg.Failure(description=str(error), metadata=told, allow_retries=False)
