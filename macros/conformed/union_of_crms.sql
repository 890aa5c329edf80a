{# The same conformed model of every CRM, one below the other. Columns are named, in the order of the first
   model's contract, because a union goes by position. #}
{% macro union_of_crms(entity) -%}
    {%- set first = "model.dealhouse.int_" ~ var("crms")[0] ~ "__" ~ entity -%}
    {%- set columns = graph.nodes[first].columns.keys() | list if execute else ["*"] -%}
    {%- for crm in var("crms") %}
        select {{ columns | join(", ") }}
        from
            {{ ref("int_" ~ crm ~ "__" ~ entity) }}
            {{- " union all " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
