{# What a region says to a number of so many digits: a letter of length_verdicts; none of a single digit. #}
{% macro phone_length_verdict(number, length_verdicts) -%}
    case
        when length({{ number }}) > 1
        then substr({{ length_verdicts }}, least(length({{ number }}), 18), 1)
    end
{%- endmacro %}
