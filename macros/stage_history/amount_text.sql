{# An amount as people write it: no idle zeros, its currency behind it. #}
{% macro amount_text(amount, currency) -%}
    trim(trailing '.' from trim(trailing '0' from cast({{ amount }} as varchar)))
    || coalesce(' ' || {{ currency }}, '')
{%- endmacro %}
