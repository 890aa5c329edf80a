"""The news of a run, sent as its last step."""

from collections.abc import Iterator

import dagster as dg

from extract.core.errors import DealhouseError
from orchestration.assets.extraction import RUNS
from orchestration.cycle import Cycle
from orchestration.service.runs import PROCESS_TAG

KEY = dg.AssetKey(["serving", "alerts"])
LAST = {"dagster/priority": "-10"}
"""Whatever else can run goes first: not a dependency, which would skip it when nothing was published."""


def alerts_asset(cycle: Cycle) -> dg.AssetsDefinition:
    """Digests and alerts by alerts.yml, if there is one; a failed run is told by a sensor."""

    @dg.asset(
        key=KEY,
        deps=[RUNS],
        description="What is new for owners, managers and operators, sent by the routes of alerts.yml."
        " It runs last, after publication, and never decides how a run ends.",
        group_name="serving",
        kinds={"email"},
        op_tags=LAST,
        output_required=False,
    )
    def alerts(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult[None]]:
        from orchestration.alerts.after_run import send_run  # noqa: PLC0415
        from orchestration.alerts.channels import Result  # noqa: PLC0415

        if cycle.problem is not None or PROCESS_TAG in context.run.tags:
            context.log.info("Told by the sensor for failed runs, or by the terminal.")
            return
        try:
            sending = send_run(cycle.places, cycle.findings, None)
        except DealhouseError as error:
            context.log.warning("No alerts: %s", error)
            return
        counts = {result.value: len(sending.of(result)) for result in Result}
        yield dg.MaterializeResult(metadata=counts | {"held": sending.held})

    return alerts
