{# What enters and leaves each place, by the next day that the report holds. #}
{% macro daily_flows(spans, days) -%}
    select
        flows.place_number,
        {{ days }}.reported_date as as_of_date,
        sum(flows.open_count) as open_count,
        sum(flows.open_amount) as open_amount,
        sum(flows.weighted_amount) as weighted_amount
    from
        (
            {% for date, sign in [("enters_date", ""), ("leaves_date", "-")] -%}
                select
                    place_number,
                    {{ date }} as flow_date,
                    {{ sign }} 1 as open_count,
                    {{ sign }} open_amount as open_amount,
                    {{ sign }}{{ money("open_amount * probability") }}
                    as weighted_amount
                from {{ spans }} {{ "union all" if not loop.last }}
            {% endfor %}
        ) as flows
    inner join {{ days }} on flows.flow_date = {{ days }}.as_of_date
    group by flows.place_number, {{ days }}.reported_date
{%- endmacro %}
