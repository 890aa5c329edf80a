{# The parameters of a rule as a relation of one row per connection: numbers as double, texts as they are.
   A list is read from int_rule_parameters itself, where each of its items is a row. #}
{% macro rule_parameters(rule_id, numbers=[], texts=[]) -%}
    (
        select
            rules.connection
            {%- for name in numbers %}
                ,
                max(
                    case when parameters.parameter = '{{ name }}' then value_number end
                ) as {{ name }}
            {%- endfor %}
            {%- for name in texts %}
                ,
                max(
                    case when parameters.parameter = '{{ name }}' then value_text end
                ) as {{ name }}
            {%- endfor %}
        from {{ ref("int_enabled_rules") }} as rules
        left join
            {{ ref("int_rule_parameters") }} as parameters
            on rules.connection = parameters.connection
            and rules.rule_id = parameters.rule_id
        where rules.rule_id = '{{ rule_id }}'
        group by rules.connection
    )
{%- endmacro %}
