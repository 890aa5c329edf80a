{# 1 for monday to 7 for sunday, as weekday() numbers them. #}
{% macro weekday_number(name) -%}
    case
        {{ name }}
        {%- for weekday in [
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "saturday",
            "sunday",
        ] %}
            when '{{ weekday }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro %}
