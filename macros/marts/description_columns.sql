{# What every fact of deals and leads tells of a record beside its own numbers. #}
{% macro description_columns(alias) -%}
    {%- for column in [
        "client_key",
        "client_name",
        "source_key",
        "source_name",
        "channel",
        "utm_source",
        "utm_medium",
        "utm_campaign",
        "utm_content",
        "utm_term",
    ] -%}
        {{ alias }}.{{ column }},
    {% endfor -%}
    coalesce({{ alias }}.is_repeat, false) as is_repeat,
    {{ alias }}.is_repeat_in_crm
{%- endmacro %}
