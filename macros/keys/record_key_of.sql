{# The key of a record whose type stands in a column, in steps that hold records of several types. #}
{% macro record_key_of(native_id, relation=none) -%}
    {{ relation ~ "." if relation }}connection
    || ':'
    || {{ relation ~ "." if relation }}record_type
    || ':'
    || {{ native_id }}
{%- endmacro %}
