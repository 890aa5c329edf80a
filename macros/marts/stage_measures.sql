{# The measures of a funnel for one record and stage. `record` is the fact of the records, `reached` a row of
   int_reached_stages. Of nobody's amount nothing is added. #}
{% macro stage_measures(record, reached) -%}
    {%- set amount = "coalesce(" ~ record ~ ".amount_converted, 0)" -%}
    {%- set stands_here = record ~ ".stage_key = " ~ reached ~ ".stage_key" -%}
    {{ reached }}.reached_count,
    cast(1 as bigint) as reached_with_conversion_count,
    cast(
        {{ amount }} * {{ reached }}.reached_count as decimal(28, 6)
    ) as reached_amount,
    {{ reached }}.passed_on_count,
    cast(case when {{ stands_here }} then 1 else 0 end as bigint) as current_count,
    case
        when {{ stands_here }} then {{ amount }} else cast(0 as decimal(28, 6))
    end as current_amount,
    {{ reached }}.completed_visits,
    {{ reached }}.total_seconds_in_stage,
    case
        when {{ record }}.status = 'lost'
        then {{ reached }}.last_open_count
        else cast(0 as bigint)
    end as lost_from_here_count
{%- endmacro %}
