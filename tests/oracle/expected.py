"""All models that the oracle works out, with the keys that tell their rows apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.deals import Deal, fct_deals, work_out
from tests.oracle.history import histories
from tests.oracle.rates import Rates
from tests.oracle.reports import rpt_deal_funnel, rpt_employee_sales, rpt_sales_trend, rpt_stage_transitions
from tests.oracle.visits import fct_deal_stages, fct_stage_visits

if TYPE_CHECKING:
    from tests.oracle.inputs import Connection, Reporting, Row

KEYS: dict[str, tuple[str, ...]] = {
    "fct_deals": ("deal_key",),
    "fct_stage_visits": ("stage_visit_key",),
    "fct_deal_stages": ("deal_key", "stage_key"),
    "rpt_deal_funnel": ("created_date", "stage_key", "owner_key"),
    "rpt_stage_transitions": ("moved_date", "from_stage_key", "to_stage_key", "move", "employee_key"),
    "rpt_employee_sales": ("created_date", "pipeline_key", "owner_key", "status"),
    "rpt_sales_trend": ("closed_date", "pipeline_key", "employee_key"),
}


def expected(connections: list[Connection], reporting: Reporting) -> dict[str, list[Row]]:
    """Every row of every model in `KEYS`."""
    rates = Rates(connections, reporting)
    deals: list[Deal] = []
    for connection in connections:
        deals += work_out(connection, reporting, rates, histories(connection.portal))
    facts = {
        "fct_deals": fct_deals(deals),
        "fct_stage_visits": fct_stage_visits(deals),
        "fct_deal_stages": fct_deal_stages(deals),
    }
    return facts | {
        "rpt_deal_funnel": rpt_deal_funnel(facts["fct_deal_stages"]),
        "rpt_stage_transitions": rpt_stage_transitions(facts["fct_stage_visits"]),
        "rpt_employee_sales": rpt_employee_sales(facts["fct_deals"]),
        "rpt_sales_trend": rpt_sales_trend(facts["fct_deals"]),
    }
