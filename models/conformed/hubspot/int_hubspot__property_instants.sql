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
            deal_id,
            set_at,
            {% for property in properties -%}
                max_by(coalesce(property_value, ''), entry_number) filter (
                    where property_name = '{{ property }}'
                ) as said_{{ property }}
                {{- "," if not loop.last }}
            {% endfor %}
        from {{ ref("stg_hubspot__deal_property_history") }}
        where set_at is not null and deal_id is not null
        group by connection, deal_id, set_at
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
                {{ last_known("said_" ~ property) }} over so_far as {{ property }}
                {{- "," if not loop.last }}
            {% endfor %}
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
            {{ utc_timestamp("closedate") }} as close_at
        from carried_on
    )

select *
from typed
