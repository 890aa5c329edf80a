{# Whether a text is written like one telephone number: three digits at least, and nothing between them that does not
   belong there. #}
{% macro is_phone_like(text) -%}
    {%- set signs = phone_punctuation() ~ "*" -%}
    {%- set number = "[+]*(?:[" ~ signs ~ "]*[0-9]){3,}[" ~ signs ~ "A-Za-z0-9]*" -%}
    {%- set whole = "^(?:[0-9]{2}|" ~ number ~ ")(?:" ~ phone_extension() ~ ")?$" -%}
    case
        when {{ text_matches(text, "^[+]?(?:[-(). ]*[0-9]){3,}$") }}
        then true
        else {{ text_matches(text, "(?i)" ~ whole) }}
    end
{%- endmacro %}
