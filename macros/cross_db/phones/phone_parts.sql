{# Whether a field has digits enough for two numbers, and something that may part them. #}
{% macro may_be_several_phones(text) -%}
    length({{ text }}) > 14
    and {{
        text_matches(
            text,
            "[,;|/\\\\\\n]|  |[0-9)] *(?:и|or|and|или|و|یا) *[+(0-9]|[0-9] *[+]",
        )
    }}
    and {{ text_matches(text, "(?:\\p{Nd}[^\\p{Nd}]*){14}") }}
{%- endmacro %}

{# The parts of such a field, one row each: columns position and element. #}
{% macro phone_parts(text) -%}
    {%- set words = "(?i)[,;|/\\\\\\n]+| {2,}|\\b(?:or|and)\\b| (?:и|или|و|یا) " -%}
    {%- set parted = text_replaced(text, words, "|") -%}
    {{ text_parts(text_replaced(parted, "[+]+", "|+"), "'|'") }}
{%- endmacro %}
