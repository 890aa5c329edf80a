with
    deals as (
        select * from {{ ref("int_deals") }} where not is_template and not is_deleted
    ),
    outcomes as (select * from {{ ref("int_record_outcomes") }}),
    stages as (select * from {{ ref("dim_stages") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    employees as (select * from {{ ref("dim_employees") }}),
    descriptions as (select * from {{ ref("int_record_descriptions") }}),
    rates as (select * from {{ ref("int_daily_exchange_rates") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    deals_with_outcomes as (
        select
            deals.*,
            outcomes.status,
            outcomes.closed_at,
            outcomes.closed_date,
            outcomes.closed_at_source,
            outcomes.rate_date,
            -- Who answers for the outcome; of an open deal nobody else yet.
            case
                when outcomes.status = 'open'
                then deals.owner_key
                else versions.owner_key
            end as employee_key,
            outcomes.status <> 'open'
            and versions.is_owner_carried_back as is_owner_carried_back,
            {{ local_date("deals.created_at", "reporting.time_zone") }} as created_date,
            {{ local_date("deals.modified_at", "reporting.time_zone") }}
            as modified_date,
            {{ money("deals.amount * rates.rate") }} as amount_converted,
            coalesce(rates.is_rate_estimated, false) as is_rate_estimated,
            rates.rate is null as is_rate_missing
        from deals
        inner join outcomes on deals.deal_key = outcomes.record_key
        cross join reporting
        left join
            {{ ref("int_deal_versions") }} as versions
            on deals.deal_key = versions.record_key
            and outcomes.closed_at >= versions.valid_from_at
            and outcomes.closed_at < versions.valid_to_at
        left join
            rates
            on deals.connection = rates.connection
            and deals.currency = rates.currency
            and outcomes.rate_date = rates.rate_date
    ),
    deals_measured as (
        select
            deals.deal_key,
            deals.deal_key as record_key,
            deals.connection,
            deals.record_type,
            deals.native_id,
            deals.record_url,
            deals.title,
            deals.pipeline_key,
            pipelines.pipeline_name,
            deals.stage_key,
            stages.stage_name,
            stages.stage_kind,
            stages.position as stage_position,
            deals.status,
            deals.owner_key,
            owners.employee_name as owner_name,
            owners.department,
            deals.employee_key,
            employees.employee_name,
            employees.department as employee_department,
            deals.is_owner_carried_back,
            descriptions.lead_key,
            {{ description_columns("descriptions") }},
            descriptions.loss_reason,
            descriptions.competitor,
            descriptions.from_stage_key,
            descriptions.from_stage_name,
            deals.created_at,
            deals.created_date,
            deals.modified_at,
            deals.modified_date,
            deals.expected_close_date,
            deals.closed_at,
            deals.closed_date,
            deals.closed_at_source,
            deals.amount,
            deals.currency,
            deals.amount_converted,
            deals.is_rate_estimated,
            deals.is_rate_missing,
            deals.probability,
            cast(1 as bigint) as deal_count,
            {% for kind in ["open", "won", "lost"] -%}
                {%- set is_kind = "deals.status = '" ~ kind ~ "'" -%}
                cast({{ is_kind }} as bigint) as {{ kind }}_count,
                coalesce(
                    case when {{ is_kind }} then deals.amount_converted end, 0
                ) as {{ kind }}_amount,
            {% endfor %}
            {{
                money(
                    "coalesce(deals.amount_converted, 0) * case deals.status when 'won' then 1 when 'open' then coalesce(deals.probability, stages.probability, 0) else 0 end"
                )
            }}
            as weighted_amount,
            greatest(
                coalesce(
                    {{ seconds_between("deals.created_at", "deals.closed_at") }}, 0
                ),
                0
            ) as seconds_to_close
        from deals_with_outcomes as deals
        left join stages on deals.stage_key = stages.stage_key
        left join pipelines on deals.pipeline_key = pipelines.pipeline_key
        left join employees as owners on deals.owner_key = owners.employee_key
        left join employees on deals.employee_key = employees.employee_key
        left join descriptions on deals.deal_key = descriptions.record_key
    )

select *
from deals_measured
