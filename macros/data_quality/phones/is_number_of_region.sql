{# Whether a number fits the pattern of its region, which the column says as ` count:leading digits ` parts. #}
{% macro is_number_of_region(number, number_starts) -%}
    case
        {% for count in range(8) -%}
            when
                strpos(
                    {{ number_starts }},
                    ' '
                    || cast(length({{ number }}) as varchar)
                    || ':'
                    || substr({{ number }}, 1, {{ count }})
                    || ' '
                )
                > 0
            then true
        {% endfor -%}
        else false
    end
{%- endmacro %}
