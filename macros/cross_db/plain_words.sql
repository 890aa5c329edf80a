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
