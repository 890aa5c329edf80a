{# Whether a text is written as an e-mail address is, in practice: neither quoted names nor numbers for a domain.
   A name in letters that are not ASCII needs an international domain, too; no part mixes alphabets. #}
{% macro is_email_address(text) -%}
    case
        when
            length({{ text }}) > 254
            or {{ text_matches(text, "^[^@]{65}|[^@.]{64}[^@]*$") }}
        then false
        when {{ text_matches(text, email_pattern("A-Za-z", "A-Za-z0-9")) }}
        then true
        else
            {{
                text_matches(
                    text, email_pattern("\\p{L}\\p{M}", "\\p{L}\\p{M}\\p{N}")
                )
            }}
            and {{ text_matches(text, "@.*([^ -~]|[Xx][Nn]--)") }}
            and not {{ mixes_alphabets(text) }}
    end
{%- endmacro %}

{# A name of parts between dots, and a domain of at least two labels. #}
{% macro email_pattern(letters, characters) -%}
    {%- set name = "[" ~ characters ~ "!#$%&'*+/=?^_`{|}~-]+" -%}
    {%- set label = "[%s]([%s-]*[%s])?" | replace("%s", characters) -%}
    {%- set name_part = "^" ~ name ~ "(\\." ~ name ~ ")*" -%}
    {%- set last_label = "([" ~ letters ~ "]{2,}|[Xx][Nn]--" ~ label ~ ")$" -%}
    {{ return(name_part ~ "@(" ~ label ~ "\\.)+" ~ last_label) }}
{%- endmacro %}

{# Whether a Latin letter stands right beside a Cyrillic or Greek one. #}
{% macro mixes_alphabets(text) -%}
    {%- set others = "[\\p{Cyrillic}\\p{Greek}]" -%}
    {%- set latin = "[A-Za-z]" -%}
    {{ text_matches(text, latin ~ others ~ "|" ~ others ~ latin) }}
{%- endmacro %}
