{# A report: the dimensions of its fact and the sums of its measures, as `meta.report` of the model names them.
   The fact is an argument as well, since dbt has to see it while it parses. #}
{% macro report(fact) -%}
    {%- if not execute -%} select * from {{ fact }}
    {%- else -%}
        {%- set about = report_about(fact) -%}
        {%- set dimensions = report_members(about.dimensions) -%}
        select
            {% for member in dimensions -%} {{ member.column }} as {{ member.name }},
            {% endfor %}
            {%- for member in report_members(about.measures) -%}
                {{ report_sum(member) }}
                as {{ member.name }} {{- "," if not loop.last }}
            {% endfor %}
        from {{ fact }}
        where {{ report_condition(about) }}
        group by {{ dimensions | map(attribute="column") | join(", ") }}
    {%- endif -%}
{%- endmacro %}

{# A list of records: rows of its fact as they are, `columns` of meta.report first, then the measures beside them. #}
{% macro record_report(fact) -%}
    {%- if not execute -%} select * from {{ fact }}
    {%- else -%}
        {%- set about = report_about(fact) -%}
        select
            {% for member in report_all_members(about) -%}
                {{ member.column }} as {{ member.name }} {{- "," if not loop.last }}
            {% endfor %}
        from {{ fact }}
        where {{ report_condition(about) }}
    {%- endif -%}
{%- endmacro %}

{# What the YAML of the model at hand says of its report. A unit test gives the fact under a name with a prefix. #}
{% macro report_about(fact) -%}
    {%- set node = graph.nodes[model.tested_node_unique_id or model.unique_id] -%}
    {%- set about = node.config.meta.report -%}
    {%- if about.fact != fact.identifier | replace("__dbt__cte__", "") -%}
        {{
            exceptions.raise_compiler_error(
                node.name
                ~ " reads "
                ~ fact.identifier
                ~ ", but its meta.report says "
                ~ about.fact
            )
        }}
    {%- endif -%}
    {{ return(about) }}
{%- endmacro %}

{# Sums keep the type of what they add up, and are 0 where there is nothing to add; where `is_nullable`, null says
   that nobody can know. #}
{% macro report_sum(member) -%}
    {%- set sum = "sum(" ~ member.column ~ ")" -%}
    cast(
        {{ sum if member.is_nullable else "coalesce(" ~ sum ~ ", 0)" }}
        as {{ "decimal(28, 6)" if member.format == "money" else "bigint" }}
    )
{%- endmacro %}
