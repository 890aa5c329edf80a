{# The digits of a number as written in a text; three letters or more are keys of a telephone, fewer mean nothing.
   Keys bear no digits of other scripts: a text with both is no number. #}
{% macro phone_digits(number, text) -%}
    {%- set letters = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ'" -%}
    {%- set keys = "'22233344455566677778889999'" -%}
    {%- set dialled = "translate(upper(%s), %s, %s)" % (number, letters, keys) -%}
    case
        when not {{ text_matches(number, "(?:[A-Za-z][^A-Za-z]*){3}") }}
        then {{ text_replaced(number, "[^0-9]+", "") }}
        when not {{ text_matches(text, "[^\\P{Nd}0-9]") }}
        then {{ text_replaced(dialled, "[^0-9]+", "") }}
    end
{%- endmacro %}

{# The last digits of a number, by which two ways of writing it are known for one. #}
{% macro phone_ending(text) -%}
    {%- set digits = text_replaced(plain_phone_signs(text), "[^0-9]+", "") -%}
    right({{ digits }}, 9)
{%- endmacro %}

{# Whether a text holds a digit of any script. #}
{% macro has_digit(text) -%} {{ text_matches(text, "\\p{Nd}") }} {%- endmacro %}
