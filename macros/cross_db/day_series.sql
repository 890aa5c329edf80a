{# One row per day between two date columns: column `day`. #}
{% macro day_series(first_day, last_day) -%}
    {{- adapter.dispatch("day_series", "dealhouse")(first_day, last_day) -}}
{%- endmacro %}

{% macro default__day_series(first_day, last_day) -%}
    cast(
        unnest(
            generate_series(
                cast({{ first_day }} as timestamp),
                cast({{ last_day }} as timestamp),
                interval 1 day
            )
        ) as date
    ) as day
{%- endmacro %}

{% macro spark__day_series(first_day, last_day) -%}
    explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as day
{%- endmacro %}
