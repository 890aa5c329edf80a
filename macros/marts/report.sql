{# A report: the dimensions of its fact and the sums of its measures, as `meta.report` of the model names them.
   The fact is an argument as well, since dbt has to see it while it parses. #}
{% macro report(fact) -%}
    {%- if not execute -%} select * from {{ fact }}
    {%- else -%}
        {%- set node = graph.nodes[model.tested_node_unique_id or model.unique_id] -%}
        {%- set about = node.config.meta.report -%}
        {{- assert_same_fact(node.name, about.fact, fact.identifier) -}}
        {%- set dimensions = report_members(about.dimensions) -%}
        select
            {% for member in dimensions -%} {{ member.column }} as {{ member.name }},
            {% endfor %}
            {%- for member in report_members(about.measures) -%}
                {{ report_sum(member) }}
                as {{ member.name }} {{- "," if not loop.last }}
            {% endfor %}
        from {{ fact }}
        where {{ report_date_column(about) }} is not null
        group by {{ dimensions | map(attribute="column") | join(", ") }}
    {%- endif -%}
{%- endmacro %}

{# Sums keep the type of what they add up, and are 0 where there is nothing to add. #}
{% macro report_sum(member) -%}
    cast(
        coalesce(
            sum({{ member.column }}), 0
        ) as {{ "decimal(28, 6)" if member.format == "money" else "bigint" }}
    )
{%- endmacro %}

{# A unit test gives the fact under a name with a prefix. #}
{% macro assert_same_fact(report, said, given) -%}
    {%- if said != given | replace("__dbt__cte__", "") -%}
        {{
            exceptions.raise_compiler_error(
                report ~ " reads " ~ given ~ ", but its meta.report says " ~ said
            )
        }}
    {%- endif -%}
{%- endmacro %}
