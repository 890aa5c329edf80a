{# Whether a text holds no letter, one letter again and again, one word of six consonants and nothing else,
   keys that lie side by side, or an address. ООО is a legal form, AAA a firm. `words` is the text without other signs,
   `letters` the same without blanks. #}
{% macro is_no_name(name, words, letters) -%}
    {%- set latin = "^[b-df-hj-np-tv-xz]{6,}$" -%}
    {%- set cyrillic = "^[б-джзй-нп-тф-щъь]{6,}$" -%}
    {%- set keys = "asdf|sdfg|dfgh|fghj|ghjk|hjkl|zxcv|xcvb|фыва|ывап|йцук|ячсм" -%}
    -- One pattern: names are many, and few of them are more than one.
    {{ text_matches(words, latin ~ "|" ~ cyrillic ~ "|^\\P{L}*$") }}
    or {{ text_matches(letters, keys) }}
    or (
        length({{ letters }}) >= 3
        and {{ letters }} <> 'ооо'
        and {{ name }} <> 'AAA'
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
