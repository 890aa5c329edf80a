"""Rules of the models, each with a flipped operator or constant that must not go unnoticed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutation:
    """In `file`, `old` (which stands there once) becomes `new`; `model` is the first one it changes."""

    rule: str
    file: str
    old: str
    new: str
    in_model: str = ""

    @property
    def model(self) -> str:
        """The first model to build again."""
        return self.in_model or Path(self.file).stem


HISTORY = "models/stage_history"
CORE = "models/marts/core"
CONFORMED = "models/conformed"
RULES = "models/data_quality"
MUTATIONS = [
    Mutation(
        "a lost deal fills in no stage",
        f"{HISTORY}/int_filled_in_stages.sql",
        "and outcomes.status <> 'lost'",
        "and outcomes.status <> 'open'",
    ),
    Mutation(
        "another closed kind begins another run",
        f"{HISTORY}/int_record_outcomes.sql",
        "stages.stage_kind <> statuses.status",
        "stages.stage_kind = 'open'",
    ),
    Mutation(
        "a close date after the capture says nothing",
        f"{HISTORY}/int_record_outcomes.sql",
        "statuses.crm_closed_at <= statuses.captured_at",
        "statuses.crm_closed_at is not null",
    ),
    Mutation(
        "a winning that all the history begins with is dated by its move",
        f"{HISTORY}/int_record_outcomes.sql",
        "coalesce(visits.moved_in_at, visits.entered_at) as entered_at",
        "visits.entered_at as entered_at",
    ),
    Mutation(
        "going back is not passing on",
        f"{HISTORY}/int_visited_stages.sql",
        "furthest_later_position > position",
        "furthest_later_position < position",
    ),
    Mutation(
        "the current stay is not completed",
        f"{HISTORY}/int_visited_stages.sql",
        "count(duration_seconds) as completed_visits",
        "count(*) as completed_visits",
    ),
    Mutation(
        "only a lost deal is lost from somewhere",
        "macros/marts/stage_measures.sql",
        "when {{ record }}.status = 'lost'",
        "when {{ record }}.status <> 'open'",
        in_model="fct_deal_stages",
    ),
    Mutation(
        "who was responsible at closing answers for it",
        f"{CORE}/fct_deals.sql",
        "else versions.owner_key",
        "else deals.owner_key",
    ),
    Mutation(
        "deleted deals have no present state",
        f"{CORE}/fct_deals.sql",
        "where not is_template and not is_deleted",
        "where not is_template",
    ),
    Mutation(
        "the first known rate is an estimate before its day",
        "models/conformed/money/int_currency_intervals.sql",
        "true as is_rate_estimated",
        "false as is_rate_estimated",
    ),
    Mutation(
        "a history that begins late is taken back to the creation",
        "macros/stage_history/told_entries.sql",
        "interval 60 second",
        "interval 60 day",
        in_model="int_stage_visits",
    ),
    Mutation(
        "skipping is more than one step",
        "macros/marts/stage_move.sql",
        "> {{ from_stage }}.position + 1",
        "> {{ from_stage }}.position + 2",
        in_model="fct_stage_visits",
    ),
    Mutation(
        "days are those of the reporting zone",
        "macros/cross_db/local_date.sql",
        "cast(({{ utc }} at time zone 'UTC') at time zone {{ zone }} as date)",
        "cast({{ utc }} as date)",
        in_model="int_record_outcomes",
    ),
]
CLIENTS = [
    Mutation(
        "the own company is nobody's client",
        f"{CONFORMED}/clients/int_record_clients.sql",
        "where not is_deleted and not is_own_company and not is_in_special_list",
        "where not is_deleted and not is_in_special_list",
    ),
    Mutation(
        "nobody is repeated by itself",
        f"{HISTORY}/int_repeat_records.sql",
        "earliest_business.first_record_at < records.created_at",
        "earliest_business.first_record_at <= records.created_at",
    ),
    Mutation(
        "a deal is a repeated one after a sale only",
        f"{HISTORY}/int_repeat_records.sql",
        "earliest_business.first_won_at < records.created_at",
        "earliest_business.first_record_at < records.created_at",
    ),
    Mutation(
        "the own source stands before that of the lead",
        f"{CONFORMED}/clients/int_record_origins.sql",
        "records.source_key,\n                leads.source_key",
        "leads.source_key,\n                records.source_key",
    ),
    Mutation(
        "a lost stage is a reason only where no field is named for it",
        f"{HISTORY}/int_deal_losses.sql",
        "connections.loss_reason_field is null",
        "connections.loss_reason_field is not null",
    ),
    Mutation(
        "a deal is lost from its last open stage",
        f"{HISTORY}/int_deal_losses.sql",
        "where last_open_count = 1",
        "where last_open_count = 0",
    ),
    Mutation(
        "a lost lead is no quality lead",
        f"{CORE}/leads/fct_leads.sql",
        "when 'lost' then 0 else 1 end",
        "when 'won' then 0 else 1 end",
    ),
    Mutation(
        "a lead has gone on when a deal came of it",
        f"{CORE}/leads/int_path_stages.sql",
        "paths.last_deal_created_at >= steps.first_entered_at",
        "paths.last_deal_created_at < steps.first_entered_at",
    ),
    Mutation(
        "a path stands where its deals do",
        f"{CORE}/leads/int_path_stages.sql",
        "paths.deal_count = 0",
        "paths.deal_count >= 0",
    ),
    Mutation(
        "stages of deals come after those of leads",
        f"{CORE}/leads/fct_path_stages.sql",
        "+ coalesce(lead_positions.last_position, 0)",
        "+ coalesce(lead_positions.last_position, 0) - 1",
    ),
]
ACTIVITIES = [
    Mutation(
        "what was due before now is overdue",
        f"{CORE}/activities/fct_activities.sql",
        "activities.deadline_at < connections.data_as_of_at",
        "activities.deadline_at > connections.data_as_of_at",
    ),
    Mutation(
        "a deadline from 2100 on is none",
        f"{CONFORMED}/bitrix24/activities/int_bitrix24__activities.sql",
        "acts.deadline_at < cast('2100-01-01' as timestamp)",
        "acts.deadline_at > cast('1900-01-01' as timestamp)",
    ),
    Mutation(
        "a task and the activity that shows it are one",
        f"{CONFORMED}/bitrix24/activities/int_bitrix24__acts.sql",
        "where shown_tasks.task_id is null",
        "where tasks.native_id is not null",
    ),
    Mutation(
        "an overdue activity is a planned one",
        f"{CORE}/activities/fct_deal_touches.sql",
        "sum(activities.planned_count)",
        "sum(activities.planned_count - activities.overdue_count)",
    ),
]
PAST = [
    Mutation(
        "what ends on a day does not stand at the end of it",
        f"{HISTORY}/past/int_deal_states.sql",
        'local_date("spans.valid_to_at", "reporting.time_zone"), 1',
        'local_date("spans.valid_to_at", "reporting.time_zone"), 0',
    ),
    Mutation(
        "movements are told at the opening rate",
        f"{HISTORY}/past/int_pipeline_movements.sql",
        'day_before("days.period_month", 1)',
        'day_before("days.as_of_date", -1)',
    ),
    Mutation(
        "who gets a deal raises it",
        f"{HISTORY}/past/int_pipeline_movements.sql",
        "(not sides.is_left or converted.to_kind in ('won', 'lost'))",
        "(sides.is_left or converted.to_kind in ('won', 'lost'))",
    ),
    Mutation(
        "of months before the first capture nobody knows what changed",
        f"{CORE}/past/fct_pipeline_months.sql",
        "<= first_captures.captured_date",
        "> first_captures.captured_date",
    ),
    Mutation(
        "the part of the period before is as long as the running one",
        f"{CORE}/past/fct_deal_periods.sql",
        '<= {{ days_between("period_start_date", "last_days.as_of_date") }}',
        '< {{ days_between("period_start_date", "last_days.as_of_date") }}',
    ),
    Mutation(
        "the first known state is no change",
        f"{HISTORY}/past/int_deal_changes.sql",
        "where last_version_number is not null",
        "where version_number is not null",
    ),
]
ORDER = [
    Mutation(
        "won deals say what is usual in a stage",
        f"{CORE}/conditions/dim_stage_norms.sql",
        "where status = 'won'",
        "where status <> 'won'",
    ),
    Mutation(
        "a planned day that is today is not past",
        f"{CORE}/conditions/fct_deal_conditions.sql",
        "days_past_close_date > 0",
        "days_past_close_date >= 0",
    ),
    Mutation(
        "what came after the lead is a touch of its contact",
        f"{CORE}/conditions/fct_lead_conditions.sql",
        "contact_touches.last_touch_at >= leads.created_at",
        "contact_touches.last_touch_at < leads.created_at",
    ),
    Mutation(
        "an amount is expected in the second half",
        f"{RULES}/deals/dq_deal_amount_missing.sql",
        "deals.stage_position",
        "1 + deals.stage_position",
    ),
    Mutation(
        "closed deals of who has left stay theirs",
        f"{RULES}/deals/dq_deal_owner_inactive.sql",
        "deals.status = 'open' and",
        "deals.status <> 'lost' and",
    ),
    Mutation(
        "a lead may wait for the hours allowed",
        f"{RULES}/leads/dq_lead_unworked.sql",
        "parameters.hours * 3600",
        "parameters.hours * 36000",
    ),
    Mutation(
        "what cannot be read is a fault of its own record",
        f"{RULES}/records/int_hubspot__unreadable_values.sql",
        '"tasks": "task",',
        '"tasks": "call",',
    ),
]
MUTATIONS += [*CLIENTS, *ACTIVITIES, *PAST, *ORDER]
