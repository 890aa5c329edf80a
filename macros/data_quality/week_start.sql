{# The first day of the reported week that a day is in. #}
{% macro week_start(day, reporting) -%}
    cast(
        {{
            day_before(
                day,
                "("
                ~ weekday(day)
                ~ " - "
                ~ weekday_number(reporting ~ ".week_start")
                ~ " + 7) % 7",
            )
        }} as date
    )
{%- endmacro %}
