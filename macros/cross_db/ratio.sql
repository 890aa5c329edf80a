{# first * second / divisor as decimal(20, 10), rounded half up once; all three are decimal(20, 10). #}
{% macro ratio(first, second, divisor) -%}
    {{- adapter.dispatch("ratio", "dealhouse")(first, second, divisor) -}}
{%- endmacro %}

{# Division of decimals is floating point here, so that it is done in whole numbers. #}
{% macro default__ratio(first, second, divisor) -%}
    {%- set whole = "cast(%s * 10000000000 as hugeint)" -%}
    cast(
        cast(
            divide(
                2 * {{ whole % first }} * {{ whole % second }} + {{ whole % divisor }},
                nullif(2 * {{ whole % divisor }}, 0)
            ) as decimal(38, 0)
        )
        * 0.0000000001 as decimal(20, 10)
    )
{%- endmacro %}

{% macro spark__ratio(first, second, divisor) -%}
    cast(
        round({{ first }} * {{ second }} / nullif({{ divisor }}, 0), 10) as decimal(
            20, 10
        )
    )
{%- endmacro %}
