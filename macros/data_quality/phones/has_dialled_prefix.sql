{# Whether a number is written with what is dialled before it: the prefix or the calling code of its country. #}
{% macro has_dialled_prefix(digits, e164_phone) -%}
    (
        substr({{ e164_phone }}, length({{ e164_phone }}) - length({{ digits }}) + 1)
        <> {{ digits }}
        or '+' || {{ digits }} = {{ e164_phone }}
    )
{%- endmacro %}
