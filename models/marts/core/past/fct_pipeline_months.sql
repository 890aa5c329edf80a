{%- set kept = [
    "opening",
    "created",
    "transferred_in",
    "transferred_out",
    "reopened",
    "won",
    "lost",
    "deleted",
    "undeleted",
    "closing",
] -%}
with
    months as (select * from {{ ref("int_pipeline_months") }}),
    deals as (select * from {{ ref("int_deals") }}),
    pipelines as (select * from {{ ref("dim_pipelines") }}),
    employees as (select * from {{ ref("dim_employees") }}),
    descriptions as (select * from {{ ref("int_record_descriptions") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    first_captures as (
        select
            captures.connection,
            {{ local_date("min(captures.captured_at)", "max(reporting.time_zone)") }}
            as captured_date
        from {{ ref("int_record_captures") }} as captures
        cross join reporting
        where captures.record_type = 'deal'
        group by captures.connection
    ),
    -- What a CRM tells of the past itself, and not only a reading of it, has order 0.
    told_histories as (
        select distinct connection
        from {{ ref("int_deal_snapshots") }}
        where snapshot_order = 0
    ),
    months_known as (
        select
            months.*,
            deals.connection,
            deals.record_type,
            deals.record_url,
            deals.title,
            -- The month was over before anybody looked, and nothing tells what the
            -- deal was worth in it.
            (told_histories.connection is null or months.is_amount_carried_back)
            and cast(months.period_month + interval 1 month as date)
            <= first_captures.captured_date as is_change_unknown
        from months
        inner join deals on months.record_key = deals.deal_key
        left join first_captures on deals.connection = first_captures.connection
        left join told_histories on deals.connection = told_histories.connection
    ),
    months_described as (
        select
            months.record_key,
            months.connection,
            months.record_type,
            months.record_url,
            months.title,
            months.period_month,
            months.pipeline_key,
            pipelines.pipeline_name,
            months.employee_key,
            employees.employee_name,
            employees.department,
            descriptions.source_key,
            descriptions.source_name,
            descriptions.is_repeat,
            months.is_amount_carried_back,
            {% for change in ["increased", "decreased"] -%}
                case
                    when not coalesce(months.is_change_unknown, false)
                    then cast(months.{{ change }}_amount as decimal(28, 6))
                end as {{ change }}_amount,
                case
                    when not coalesce(months.is_change_unknown, false)
                    then cast(months.{{ change }}_count as bigint)
                end as {{ change }}_count,
            {% endfor %}
            {% for movement in kept -%}
                cast(
                    months.{{ movement }}_amount as decimal(28, 6)
                ) as {{ movement }}_amount,
                cast(months.{{ movement }}_count as bigint) as {{ movement }}_count,
            {% endfor %}
        from months_known as months
        inner join pipelines on months.pipeline_key = pipelines.pipeline_key
        left join employees on months.employee_key = employees.employee_key
        left join descriptions on months.record_key = descriptions.record_key
    ),
    months_balanced as (
        select
            *,
            -- What no movement explains: rates that changed, and changes nobody saw.
            cast(
                closing_amount
                - opening_amount
                - created_amount
                - coalesce(increased_amount, 0)
                + coalesce(decreased_amount, 0)
                - transferred_in_amount
                + transferred_out_amount
                - reopened_amount
                + won_amount
                + lost_amount
                + deleted_amount
                - undeleted_amount as decimal(28, 6)
            ) as fx_amount
        from months_described
    )

select *
from months_balanced
