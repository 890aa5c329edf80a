{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["connection", "deal_id"],
        on_schema_change="fail",
    )
}}
-- Incremental: it sorts the whole history of all tracked properties.
{%- set properties = [
    "pipeline",
    "dealstage",
    "amount",
    "deal_currency_code",
    "closedate",
    "hubspot_owner_id",
] %}
with
    -- Empty text where a property was cleared, null where nothing was said of it.
    instants as (
        select
            connection,
            object_id as deal_id,
            set_at,
            {% for property in properties -%}
                max_by(coalesce(property_value, ''), entry_number) filter (
                    where property_name = '{{ property }}'
                ) as said_{{ property }},
            {% endfor %}
            max(load_id) as load_id
        from {{ ref("stg_hubspot__deal_property_history") }} as history
        where
            set_at is not null
            and object_id is not null
            and {{
                is_history_changed(
                    "history",
                    ref("stg_hubspot__deal_property_history"),
                    "object_id",
                )
            }}
        group by connection, object_id, set_at
    ),
    carried_on as (
        select
            connection,
            deal_id,
            set_at,
            lead(set_at) over (
                partition by connection, deal_id order by set_at
            ) as next_set_at,
            {% for property in properties -%}
                {{ last_known("said_" ~ property) }} over so_far as {{ property }},
            {% endfor %}
            max(said_deal_currency_code) over (partition by connection, deal_id)
            is null as is_currency_untold,
            max(load_id) over (partition by connection, deal_id) as load_id
        from instants
        window
            so_far as (
                partition by connection, deal_id
                order by set_at
                rows between unbounded preceding and current row
            )
    ),
    typed as (
        select
            connection,
            deal_id,
            set_at,
            next_set_at,
            nullif(pipeline, '') as pipeline_id,
            nullif(dealstage, '') as stage_id,
            nullif(hubspot_owner_id, '') as owner_id,
            cast(try_cast(amount as decimal(21, 6)) as decimal(28, 6)) as amount,
            nullif(upper(deal_currency_code), '') as currency,
            is_currency_untold,
            {{ utc_timestamp("closedate") }} as close_at,
            load_id
        from carried_on
    )

select *
from typed
