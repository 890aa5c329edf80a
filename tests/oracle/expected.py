"""All models that the oracle works out, with the keys that tell their rows apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.activities import fct_activities
from tests.oracle.changes import fct_deal_changes
from tests.oracle.clients import Book
from tests.oracle.conditions import fct_deal_conditions, fct_lead_conditions, stage_norms
from tests.oracle.days import fct_deal_days, sampled_days
from tests.oracle.deals import fct_deals
from tests.oracle.findings import RULES, activity_conditions, dq_issues, rpt_deals_needing_attention
from tests.oracle.leads import fct_leads
from tests.oracle.lists import rpt_deals_without_activities, rpt_lost_deals
from tests.oracle.paths import fct_path_stages
from tests.oracle.periods import DIMENSIONS, rpt_period_comparison
from tests.oracle.rates import Rates
from tests.oracle.records import deals_of, leads_of
from tests.oracle.reports import REPORTS
from tests.oracle.stages import Directory
from tests.oracle.visits import fct_deal_stages, fct_lead_stages, fct_stage_visits
from tests.oracle.waterfall import fct_pipeline_months, rpt_pipeline_waterfall

if TYPE_CHECKING:
    from tests.oracle.inputs import Connection, Reporting, Row
    from tests.oracle.records import Deal, Lead

HOLDER = ("pipeline_key", "employee_key", "source_key", "is_repeat")
KEYS: dict[str, tuple[str, ...]] = {
    "fct_deals": ("deal_key",),
    "fct_stage_visits": ("stage_visit_key",),
    "fct_deal_stages": ("deal_key", "stage_key"),
    "fct_leads": ("lead_key",),
    "fct_lead_stages": ("lead_key", "stage_key"),
    "fct_path_stages": ("path_key", "stage_key"),
    "fct_activities": ("activity_key",),
    "fct_deal_days": ("record_key", "as_of_date"),
    "fct_pipeline_months": ("record_key", "period_month", "pipeline_key", "employee_key"),
    "fct_deal_changes": ("record_key", "field", "changed_at", "old_value", "new_value"),
    "rpt_pipeline_waterfall": ("period_month", *HOLDER),
    "rpt_period_comparison": ("period_type", "period_start_date", *DIMENSIONS),
    "rpt_deals_without_activities": ("deal_key",),
    "rpt_lost_deals": ("deal_key",),
    "dim_stage_norms": ("stage_key",),
    "fct_deal_conditions": ("deal_key",),
    "fct_lead_conditions": ("lead_key",),
    "dq_issues": ("issue_key",),
    "rpt_deals_needing_attention": ("deal_key", "cause"),
} | {name: tuple(report.dimensions) for name, report in REPORTS.items()}
# Of these the oracle works out some days only.
SAMPLED = {"fct_deal_days": "as_of_date", "rpt_stage_distribution": "as_of_date"}
# Of these the oracle works out the rules of deals and leads; those of contacts have labelled tables.
WORKED_OUT = {"dq_issues": ("rule_id", RULES)}


def expected(connections: list[Connection], reporting: Reporting) -> dict[str, list[Row]]:
    """Every row of every model in `KEYS`."""
    rates = Rates(connections, reporting)
    deals: list[Deal] = []
    leads: list[Lead] = []
    activities: list[Row] = []
    for connection in connections:
        own_deals = deals_of(connection, reporting, rates)
        own_leads = leads_of(connection, reporting, rates)
        book = Book(connection, own_deals, own_leads)
        everybody: list[Deal | Lead] = [*own_deals, *own_leads]
        for record in everybody:
            record.origin.update(book.origin(record))
        deals += own_deals
        leads += own_leads
        activities += fct_activities(connection, reporting, Directory(connection))
    facts = _facts(connections, reporting, deals, leads) | {"fct_activities": activities}
    reports = {name: report.rows(facts[report.fact]) for name, report in REPORTS.items()}
    order = _order(connections, reporting, facts, deals, leads)
    return facts | reports | _lists(facts, deals) | order


def _facts(
    connections: list[Connection], reporting: Reporting, deals: list[Deal], leads: list[Lead]
) -> dict[str, list[Row]]:
    return {
        "fct_deals": fct_deals(deals),
        "fct_stage_visits": fct_stage_visits(deals),
        "fct_deal_stages": fct_deal_stages(deals),
        "fct_leads": fct_leads(leads, deals),
        "fct_lead_stages": fct_lead_stages(leads),
        "fct_path_stages": fct_path_stages(leads, deals),
        "fct_deal_days": fct_deal_days(deals, sampled_days(connections, reporting)),
        "fct_pipeline_months": fct_pipeline_months(deals),
        "fct_deal_changes": fct_deal_changes(deals),
    }


def _lists(facts: dict[str, list[Row]], deals: list[Deal]) -> dict[str, list[Row]]:
    return {
        "rpt_pipeline_waterfall": rpt_pipeline_waterfall(facts["fct_pipeline_months"]),
        "rpt_period_comparison": rpt_period_comparison(facts["fct_deals"], deals),
        "rpt_deals_without_activities": rpt_deals_without_activities(facts["fct_deals"], deals),
        "rpt_lost_deals": rpt_lost_deals(facts["fct_deals"], deals),
    }


def _order(
    connections: list[Connection],
    reporting: Reporting,
    facts: dict[str, list[Row]],
    deals: list[Deal],
    leads: list[Lead],
) -> dict[str, list[Row]]:
    of_deals = fct_deal_conditions(facts["fct_deals"], deals)
    of_leads = fct_lead_conditions(facts["fct_leads"], leads)
    of_activities = activity_conditions(facts["fct_activities"], connections)
    issues = dq_issues(of_deals, of_leads, of_activities)
    return {
        "dim_stage_norms": list(stage_norms(deals).values()),
        "fct_deal_conditions": of_deals,
        "fct_lead_conditions": of_leads,
        "dq_issues": issues,
        "rpt_deals_needing_attention": rpt_deals_needing_attention(
            issues, facts["fct_deals"], connections, reporting
        ),
    }
