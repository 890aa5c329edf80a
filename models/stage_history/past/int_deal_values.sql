{%- set said = [
    "owner_key",
    "is_owner_carried_back",
    "amount",
    "currency",
    "is_amount_carried_back",
    "probability",
] -%}
-- Versions that say the same of owner, value and chance, one after another, are one.
with
    base_currencies as (
        select connection, max(base_currency) as currency
        from {{ ref("int_currency_rates") }}
        group by connection
    ),
    versions as (
        select
            versions.record_key,
            versions.valid_from_at,
            versions.owner_key,
            versions.is_owner_carried_back,
            versions.amount,
            coalesce(versions.currency, base_currencies.currency) as currency,
            versions.is_amount_carried_back,
            versions.probability
        from {{ ref("int_deal_versions") }} as versions
        left join base_currencies on versions.connection = base_currencies.connection
    ),
    versions_after_others as (
        select
            *,
            lag(valid_from_at) over in_order as last_valid_from_at,
            {% for column in said -%}
                lag({{ column }}) over in_order as last_{{ column }}
                {{- "," if not loop.last }}
            {% endfor %}
        from versions
        window in_order as (partition by record_key order by valid_from_at)
    ),
    beginnings as (
        select *
        from versions_after_others
        where
            last_valid_from_at is null
            {% for column in said -%}
                or {{ column }} is distinct from last_{{ column }}
            {% endfor %}
    ),
    deal_values as (
        select
            record_key,
            valid_from_at,
            coalesce(
                lead(valid_from_at) over (
                    partition by record_key order by valid_from_at
                ),
                cast('9999-12-31' as timestamp)
            ) as valid_to_at,
            owner_key,
            is_owner_carried_back,
            amount,
            currency,
            is_amount_carried_back,
            probability
        from beginnings
    )

select *
from deal_values
