{# A text for comparison: small letters and digits, one space between words; letters that people write in two ways
   (ё and е; Arabic and Persian yeh and kaf; one sign or letter and accent) are one. #}
{% macro plain_words(text) -%}
    trim(
        translate(
            {{
                text_replaced(
                    "lower(" ~ composed(text) ~ ")",
                    "[^\\p{L}\\p{M}\\p{N}]+",
                    " ",
                )
            }},
            'ёيك',
            'еیک'
        )
    )
{%- endmacro %}

{# Small words with letters of another alphabet that look the same as those of the word's own. #}
{% macro in_one_alphabet(words) -%}
    {%- set as_latin = "translate(%s, 'аеорсухі', 'aeopcyxi')" % words -%}
    {%- set as_cyrillic = "translate(%s, 'aeopcyxi', 'аеорсухі')" % words -%}
    case
        when
            not (
                {{ text_matches(words, "[a-z]") }}
                and {{ text_matches(words, "\\p{Cyrillic}") }}
            )
        then {{ words }}
        when not {{ text_matches(as_latin, "\\p{Cyrillic}") }}
        then {{ as_latin }}
        when not {{ text_matches(as_cyrillic, "[a-z]") }}
        then {{ as_cyrillic }}
        else {{ words }}
    end
{%- endmacro %}
