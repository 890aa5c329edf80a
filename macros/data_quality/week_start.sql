{# The first day of the reported week that a day is in. #}
{% macro week_start(day, reporting) -%}
    cast(
        {{
            day_before(
                day,
                "("
                ~ weekday(day)
                ~ " - case "
                ~ reporting
                ~ ".week_start when 'sunday' then 7 when 'saturday' then 6 else 1 end + 7) % 7",
            )
        }}
        as date
    )
{%- endmacro %}
