{# Runs of days on which a currency is worth the same. #}
{% macro rate_runs(rates) -%}
    select
        connection,
        currency,
        rate,
        rate_date as first_date,
        lead({{ day_before("rate_date", 1) }}, 1, cast('9999-12-31' as date)) over (
            partition by connection, currency order by rate_date
        ) as last_date
    from
        (
            select
                *,
                lag(rate) over (
                    partition by connection, currency order by rate_date
                ) as last_rate
            from {{ rates }}
        ) as told
    where rate is distinct from last_rate
{%- endmacro %}
