with
    visits as (select * from {{ ref("int_stage_visits") }}),
    -- What was merged into another deal stands in the past as that one does.
    deals as (
        select *
        from {{ ref("int_deals") }}
        where not is_template and merged_into_key is null
    ),
    outcomes as (select * from {{ ref("int_record_outcomes") }}),
    versions as (select * from {{ ref("int_deal_versions") }}),
    base_currencies as (
        select connection, max(base_currency) as currency
        from {{ ref("int_currency_rates") }}
        group by connection
    ),
    rates as (select * from {{ ref("int_daily_exchange_rates") }}),
    stages as (select * from {{ ref("dim_stages") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    employees as (select * from {{ ref("dim_employees") }}),
    descriptions as (select * from {{ ref("int_record_descriptions") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    visits_as_of_entry as (
        select
            visits.*,
            versions.owner_key as employee_key,
            versions.is_owner_carried_back,
            versions.amount,
            coalesce(versions.currency, base_currencies.currency) as currency,
            versions.is_amount_carried_back
        from visits
        inner join
            versions
            on visits.record_key = versions.record_key
            and visits.entered_at >= versions.valid_from_at
            and visits.entered_at < versions.valid_to_at
        left join base_currencies on visits.connection = base_currencies.connection
    ),
    visits_described as (
        select
            visits.stage_visit_key,
            visits.record_key,
            deals.deal_key,
            visits.connection,
            visits.record_type,
            deals.record_url,
            deals.title,
            visits.pipeline_key,
            pipelines.pipeline_name,
            visits.stage_key,
            stages.stage_name,
            stages.stage_kind,
            visits.from_pipeline_key,
            visits.from_stage_key,
            from_stages.stage_name as from_stage_name,
            visits.entered_at,
            visits.exited_at,
            {{ local_date("visits.entered_at", "reporting.time_zone") }} as moved_date,
            visits.visit_number,
            visits.entry_source,
            {{ stage_move("visits", "from_stages", "stages") }} as move,
            visits.duration_seconds,
            visits.is_current,
            deals.is_deleted,
            deals.deleted_at,
            visits.employee_key,
            employees.employee_name,
            employees.department,
            visits.is_owner_carried_back,
            {{ description_columns("descriptions") }},
            visits.amount,
            visits.currency,
            -- At the rate of the deal's closing, or the latest: what changes is then
            -- the amount, not the rate.
            {{ money("visits.amount * rates.rate") }} as amount_converted,
            visits.is_amount_carried_back,
            cast(1 as bigint) as move_count
        from visits_as_of_entry as visits
        inner join deals on visits.record_key = deals.deal_key
        inner join outcomes on visits.record_key = outcomes.record_key
        inner join stages on visits.stage_key = stages.stage_key
        inner join pipelines on visits.pipeline_key = pipelines.pipeline_key
        cross join reporting
        left join stages as from_stages on visits.from_stage_key = from_stages.stage_key
        left join employees on visits.employee_key = employees.employee_key
        left join descriptions on visits.record_key = descriptions.record_key
        left join
            rates
            on visits.connection = rates.connection
            and visits.currency = rates.currency
            and outcomes.rate_date = rates.rate_date
    )

select *
from visits_described
