{# The first day of the period after the one that begins on a day. #}
{% macro next_period_start(period_type, start_date) -%}
    cast(
        case
            {{ period_type }}
            when 'day'
            then {{ start_date }} + interval 1 day
            when 'week'
            then {{ start_date }} + interval 7 day
            when 'month'
            then {{ start_date }} + interval 1 month
            when 'quarter'
            then {{ start_date }} + interval 3 month
            else {{ start_date }} + interval 1 year
        end as date
    )
{%- endmacro %}

{# The period a year after: 52 weeks for a week. #}
{% macro same_period_next_year(period_type, start_date) -%}
    cast(
        case
            {{ period_type }}
            when 'week'
            then {{ start_date }} + interval 364 day
            else {{ start_date }} + interval 1 year
        end as date
    )
{%- endmacro %}

{# Count and amount of one event in the role of its period; previous_to_date_ is a part of previous_. #}
{% macro period_measure(event, role) -%}
    {%- set row_role = "previous_" if role == "previous_to_date_" else role -%}
    {%- set condition -%}
        events.event = '{{ event }}'
        and periods.role = '{{ row_role }}'
        {{- " and (periods.is_complete or periods.is_to_date)" if role != row_role }}
    {%- endset -%}
    cast(
        case when {{ condition }} then 1 else 0 end as bigint
    ) as {{ role }}{{ event }}_count,
    case
        when {{ condition }} then events.amount else cast(0 as decimal(28, 6))
    end as {{ role }}{{ event }}_amount
{%- endmacro %}
