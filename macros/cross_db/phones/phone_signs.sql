{# A text with the digits and plus signs of other scripts as plain ones. Few texts have any. #}
{% macro plain_phone_signs(text) -%}
    {%- set signs = "＋٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९０１２３４５６７８９" -%}
    case
        when {{ text_matches(text, "[^ -~]") }}
        then translate({{ text }}, '{{ signs }}', '+{{ "0123456789" * 4 }}')
        else {{ text }}
    end
{%- endmacro %}

{# What people write between the digits of a telephone number, for a class of characters; it begins with the dash. #}
{% macro phone_punctuation() -%}
    {%- set dashes = "-x‐-―−ー－-／" -%}
    {%- set spaces = " \\x{A0}\\x{AD}\\x{200B}\\x{2060}\\x{3000}" -%}
    {{ return(dashes ~ spaces ~ "()（）［］.\\[\\]/~⁓∼～") }}
{%- endmacro %}
