-- A table: everything that tells the past of deals reads it. Stays, values and
-- presences are laid over each other; each of them changes where the next begins. A
-- stay
-- that ended in the instant it began is a state of no length: the deal passed through.
{{ config(materialized="table") }}
with
    -- What was merged into another deal stands in the past as that one does.
    deals as (
        select *
        from {{ ref("int_deals") }}
        where not is_template and merged_into_key is null
    ),
    stages as (select * from {{ ref("int_stages") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    deal_values as (select * from {{ ref("int_deal_values") }}),
    presences as (select * from {{ ref("int_deal_presences") }}),
    stays as (
        select
            visits.record_key,
            visits.visit_number,
            coalesce(visits.entered_at = visits.exited_at, false) as is_passed_through,
            visits.pipeline_key,
            visits.stage_key,
            -- The first stay begins within a minute of the creation.
            case
                when visits.visit_number = 1
                then deals.created_at
                else greatest(visits.entered_at, deals.created_at)
            end as entered_at,
            coalesce(visits.exited_at, cast('9999-12-31' as timestamp)) as exited_at,
            case
                when visits.entered_at = visits.exited_at
                then visits.exited_at + interval 1 microsecond
                else coalesce(visits.exited_at, cast('9999-12-31' as timestamp))
            end as over_at,
            stages.stage_kind,
            deals.connection,
            coalesce(stages.probability, deals.probability, 0) as stage_probability
        from {{ ref("int_stage_visits") }} as visits
        inner join deals on visits.record_key = deals.deal_key
        inner join stages on visits.stage_key = stages.stage_key
    ),
    spans as (
        select
            stays.record_key,
            stays.connection,
            stays.visit_number,
            stays.is_passed_through,
            greatest(
                stays.entered_at, deal_values.valid_from_at, presences.present_from_at
            ) as valid_from_at,
            least(
                stays.exited_at, deal_values.valid_to_at, presences.present_to_at
            ) as valid_to_at,
            stays.pipeline_key,
            stays.stage_key,
            stays.stage_kind,
            deal_values.owner_key as employee_key,
            deal_values.is_owner_carried_back,
            deal_values.amount,
            deal_values.currency,
            deal_values.is_amount_carried_back,
            cast(
                coalesce(deal_values.probability, stays.stage_probability) as decimal(
                    9, 6
                )
            ) as probability
        from stays
        inner join
            deal_values
            on stays.record_key = deal_values.record_key
            and stays.entered_at < deal_values.valid_to_at
            and stays.over_at > deal_values.valid_from_at
        inner join
            presences
            on stays.record_key = presences.record_key
            and stays.entered_at < presences.present_to_at
            and stays.over_at > presences.present_from_at
    ),
    states as (
        select
            spans.record_key,
            spans.connection,
            spans.visit_number,
            spans.valid_from_at,
            case
                when spans.valid_to_at < cast('9999-12-31' as timestamp)
                then spans.valid_to_at
            end as valid_to_at,
            {{ local_date("spans.valid_from_at", "reporting.time_zone") }}
            as first_date,
            -- What ends on a day does not stand at the end of it.
            case
                when spans.valid_to_at < cast('9999-12-31' as timestamp)
                then
                    {{
                        day_before(
                            local_date("spans.valid_to_at", "reporting.time_zone"), 1
                        )
                    }}
                else cast('9999-12-31' as date)
            end as last_date,
            spans.pipeline_key,
            spans.stage_key,
            spans.stage_kind,
            spans.employee_key,
            spans.is_owner_carried_back,
            spans.amount,
            spans.currency,
            spans.is_amount_carried_back,
            spans.probability
        from spans
        cross join reporting
        where
            spans.valid_from_at < spans.valid_to_at
            or (spans.is_passed_through and spans.valid_from_at = spans.valid_to_at)
    )

select *
from states
