{# Condition that a number begins as a row of phone_prefixes says; one row at most does. #}
{% macro has_phone_prefix(region, number, prefixes) -%}
    {{ region }} = {{ prefixes }}.region
    and substr({{ number }}, 1, 1) = {{ prefixes }}.first_digit
    and substr({{ number }}, 1, length({{ prefixes }}.leading_digits))
    = {{ prefixes }}.leading_digits
    and length({{ number }}) between {{ prefixes }}.shortest and {{ prefixes }}.longest
{%- endmacro %}

{# A number without the digits dialled before it: as its row of phone_prefixes says, else the plain prefix of its region. #}
{% macro without_phone_prefix(number, prefixes, plain_prefix) -%}
    case
        when {{ prefixes }}.leading_digits is not null
        then
            coalesce({{ prefixes }}.inserted_digits, '') || substr(
                {{ number }}, {{ prefixes }}.kept_from, {{ prefixes }}.kept_digits
            )
            || substr({{ number }}, {{ prefixes }}.dropped_digits + 1)
        when substr({{ number }}, 1, length({{ plain_prefix }})) = {{ plain_prefix }}
        then substr({{ number }}, length({{ plain_prefix }}) + 1)
        else {{ number }}
    end
{%- endmacro %}

{# What a number is once its prefix is gone; one that fits its region only with the prefix keeps it. #}
{% macro number_within_region(number, bare_number, number_starts) -%}
    case
        when {{ number }} = {{ bare_number }} or {{ bare_number }} is null
        then {{ number }}
        when not {{ is_number_of_region(number, number_starts) }}
        then {{ bare_number }}
        when {{ is_number_of_region(bare_number, number_starts) }}
        then {{ bare_number }}
        else {{ number }}
    end
{%- endmacro %}
