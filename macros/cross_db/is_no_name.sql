{# Whether a text holds no letter, one letter again and again, five consonants and nothing else,
   keys that lie side by side, or an address. ООО is a legal form. `letters` is the text without all other signs. #}
{% macro is_no_name(name, letters) -%}
    {%- set latin = "^[b-df-hj-np-tv-xz]{5,}$" -%}
    {%- set cyrillic = "^[б-джзй-нп-тф-щъь]{5,}$" -%}
    {%- set keys = "asdf|sdfg|dfgh|fghj|zxcv|xcvb|фыва|ывап|йцук|ячсм" -%}
    -- One pattern: names are many, and few of them are more than one.
    {{ text_matches(letters, latin ~ "|" ~ cyrillic ~ "|" ~ keys ~ "|^\\P{L}*$") }}
    or (
        length({{ letters }}) >= 3
        and {{ letters }} <> 'ооо'
        and replace({{ letters }}, substr({{ letters }}, 1, 1), '') = ''
    )
    or {{ text_matches(name, "[^\\s@]@[^\\s@]+\\.|https?://|www\\.") }}
{%- endmacro %}

{# A text without its digits: Client 12 and test1 are Client and test. #}
{% macro without_digits(words) -%}
    case
        when {{ text_matches(words, "\\p{N}") }}
        then trim({{ text_replaced(text_replaced(words, "\\p{N}+", " "), " +", " ") }})
        else {{ words }}
    end
{%- endmacro %}
