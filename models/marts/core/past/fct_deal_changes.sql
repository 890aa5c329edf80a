-- Versions tell of amount, planned date and owner, stays of the stage.
with
    deals as (
        select * from {{ ref("int_deals") }} where not is_template and not is_deleted
    ),
    outcomes as (select * from {{ ref("int_record_outcomes") }}),
    rates as (select * from {{ ref("int_daily_exchange_rates") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    employees as (select * from {{ ref("dim_employees") }}),
    descriptions as (select * from {{ ref("int_record_descriptions") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    changes as (
        select
            record_key,
            field,
            change_number,
            changed_at,
            old_key,
            new_key,
            coalesce(
                cast(old_date as varchar),
                {{ amount_text("old_amount", "old_currency") }}
            ) as old_value,
            coalesce(
                cast(new_date as varchar),
                {{ amount_text("new_amount", "new_currency") }}
            ) as new_value,
            old_amount,
            old_currency,
            new_amount,
            new_currency,
            coalesce({{ days_between("old_date", "new_date") }}, 0) as days_moved,
            employee_key
        from {{ ref("int_deal_changes") }}
        union all
        select
            record_key,
            'stage' as field,
            visit_number as change_number,
            entered_at as changed_at,
            from_stage_key as old_key,
            stage_key as new_key,
            from_stage_name as old_value,
            stage_name as new_value,
            cast(null as decimal(28, 6)) as old_amount,
            cast(null as varchar) as old_currency,
            cast(null as decimal(28, 6)) as new_amount,
            cast(null as varchar) as new_currency,
            0 as days_moved,
            employee_key
        from {{ ref("fct_stage_visits") }}
        where visit_number > 1
    ),
    changes_described as (
        select
            changes.record_key
            || ':'
            || changes.field
            || ':'
            || cast(changes.change_number as varchar) as change_key,
            changes.record_key,
            deals.connection,
            deals.record_type,
            deals.record_url,
            deals.title,
            deals.pipeline_key,
            pipelines.pipeline_name,
            changes.changed_at,
            {{ local_date("changes.changed_at", "reporting.time_zone") }}
            as changed_date,
            changes.field,
            coalesce(changes.old_value, old_owners.employee_name) as old_value,
            coalesce(changes.new_value, new_owners.employee_name) as new_value,
            changes.old_key,
            changes.new_key,
            {{
                money(
                    "coalesce(changes.new_amount * new_rates.rate, 0) - coalesce(changes.old_amount * old_rates.rate, 0)"
                )
            }}
            as amount_difference,
            changes.days_moved,
            changes.employee_key,
            employees.employee_name,
            employees.department,
            descriptions.source_key,
            descriptions.source_name,
            descriptions.is_repeat,
            cast(1 as bigint) as change_count
        from changes
        inner join deals on changes.record_key = deals.deal_key
        inner join outcomes on changes.record_key = outcomes.record_key
        left join pipelines on deals.pipeline_key = pipelines.pipeline_key
        cross join reporting
        left join employees as old_owners on changes.old_key = old_owners.employee_key
        left join employees as new_owners on changes.new_key = new_owners.employee_key
        left join employees on changes.employee_key = employees.employee_key
        left join descriptions on changes.record_key = descriptions.record_key
        left join
            rates as old_rates
            on deals.connection = old_rates.connection
            and changes.old_currency = old_rates.currency
            and outcomes.rate_date = old_rates.rate_date
        left join
            rates as new_rates
            on deals.connection = new_rates.connection
            and changes.new_currency = new_rates.currency
            and outcomes.rate_date = new_rates.rate_date
    )

select *
from changes_described
