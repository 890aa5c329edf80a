{# Ways of writing an extension behind a number, as one pattern. #}
{% macro phone_extension() -%}
    {%- set before = "[ \\x{A0}\\t,]*" -%}
    {%- set after = "[:.．]?[ \\x{A0}\\t,-]*" -%}
    {%- set named = "(?:e?xt(?:ensi(?:o\\x{301}?|ó))?n?|ｅ?ｘｔｎ?|доб|anexo)" -%}
    {%- set guessed = "(?:[xｘ#＃~～]|int|ｉｎｔ)" -%}
    {%- set ways = [
        ";ext=[0-9]{1,20}",
        before ~ named ~ after ~ "[0-9]{1,20}#?",
        before ~ guessed ~ after ~ "[0-9]{1,9}#?",
        "[- ]+[0-9]{1,6}#",
        "[ \\x{A0}\\t]*(?:,{2}|;)" ~ after ~ "[0-9]{1,15}#?",
        "[ \\x{A0}\\t]*,+" ~ after ~ "[0-9]{1,9}#?",
    ] -%}
    {{ return("(?:" ~ ways | join("|") ~ ")") }}
{%- endmacro %}

{# A number as written without its extension, if what is left is still a number. #}
{% macro without_phone_extension(text) -%}
    {%- set extension = text_extracted(text, "(?i)" ~ phone_extension() ~ "$") -%}
    {%- set rest = "left(%s, length(%s) - length(%s))" % (text, text, extension) -%}
    case
        when not {{ text_matches(text, "[^-+0-9 ().]") }}
        then {{ text }}
        when {{ is_phone_like(rest) }}
        then {{ rest }}
        else {{ text }}
    end
{%- endmacro %}
