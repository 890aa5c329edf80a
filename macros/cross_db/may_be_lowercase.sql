{# Whether some word of a name begins with a small letter: cheap, and true of few. The letters of Georgian count as
   small in Unicode, but have no capitals that people write; what is an address is no name. #}
{% macro may_be_lowercase(name) -%}
    {%- set address = (
        "\\p{Georgian}|@|://|\\.(com|org|net|info|biz|io|de|ru|ir|рф)$"
    ) -%}
    {{ text_matches(name, "(^|[^\\p{L}\\p{M}\\p{N}'’])\\p{Ll}") }}
    and not {{ text_matches(name, address) }}
{%- endmacro %}

{# The words of a name without remarks in brackets; a part after a hyphen keeps its hyphen: columns position, element. #}
{% macro name_words(name) -%}
    {%- set plain = text_replaced(name, "\\([^)]*\\)?|[/,;&+]+", " ") -%}
    {%- set parted = text_replaced(plain, "[-‐‑–]+", " -") -%}
    {{ text_parts(text_replaced("trim(" ~ parted ~ ")", "\\s+", " "), "' '") }}
{%- endmacro %}

{# A word without the signs around it. #}
{% macro bare_word(word) -%}
    {{ text_replaced(word, "^[^\\p{L}]+|[^\\p{L}\\p{M}]+$", "") }}
{%- endmacro %}

{# Whether a word of a name is small. A capital further on makes it right where it begins a part (d'Arcy, e.K.) or
   stands behind one small letter (iPhone): иВАН is not. The second part of a name may be small in most alphabets
   (Min-jun), but not in Cyrillic. #}
{% macro is_small_word(word) -%}
    {%- set own_capital = "['’ʼ‘ʻ`.]\\p{Lu}|^[^\\p{L}]*\\p{Ll}\\p{Lu}(?:\\p{Ll}|$)" -%}
    {{ text_matches(word, "^[^-\\p{L}]*\\p{Ll}|^-+\\p{Cyrillic}") }}
    and not {{ text_matches(word, "^[^-\\p{L}]*[\\p{Lu}\\p{Lt}]|^-+[\\p{Lu}\\p{Lt}]") }}
    and not {{ text_matches(word, own_capital) }}
{%- endmacro %}
