{# Whether somebody ran a finger along the keyboard: five keys of a row or more, or three or more of them twice. #}
{% macro is_keyboard_run(word) -%}
    {%- set rows = [
        "qwertyuiop asdfghjkl zxcvbnm qazwsxedc",
        "poiuytrewq lkjhgfdsa mnbvcxz",
        "йцукенгшщзхъ фывапролджэ ячсмитьбю",
        "ъхзщшгнекуцй эждлорпавыф юбьтимсчя",
        "ضصثقفغعهخحج شسیبلاتنمکگ",
        "abcdefghijklmnopqrstuvwxyz абвгдежзийклмнопрстуфхцчшщ",
    ] -%}
    {%- set half = "left(%s, cast(floor(length(%s) / 2) as integer))" % (
        word,
        word,
    ) -%}
    (
        (length({{ word }}) >= 5 and strpos('{{ rows | join(" ") }}', {{ word }}) > 0)
        or (
            length({{ word }}) >= 6
            and {{ word }} = {{ half }} || {{ half }}
            and strpos('{{ rows | join(" ") }}', {{ half }}) > 0
        )
    )
{%- endmacro %}
