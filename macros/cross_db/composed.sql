{# A text whose letters and accents are one sign where Unicode has it. #}
{% macro composed(text) -%}
    {{- adapter.dispatch("composed", "dealhouse")(text) -}}
{%- endmacro %}

{% macro default__composed(text) -%} nfc_normalize({{ text }}) {%- endmacro %}

{# Spark has no such function: accents that stand apart stay so. #}
{% macro spark__composed(text) -%} {{ text }} {%- endmacro %}
