{# One select per member of a report, from the report's own YAML. #}
{% macro report_catalog_rows(report) -%}
    {%- set about = report.config.meta.report -%}
    {%- for member in report_all_members(about) %}
        {%- set kind = (
            "measure"
            if member.additivity
            else "date" if member.name == about.date else "dimension"
        ) %}
        select
            {{ text_literal(report.name) }} as report,
            {{ text_literal(about.title) }} as title,
            {{ text_literal(about.question) }} as question,
            {{ text_literal(about.grain or "group") }} as grain,
            {{ text_literal(about.fact) }} as fact,
            {{ text_literal(report_date_column(about)) }} as date_column,
            {{ text_literal(about.filter) }} as filter,
            {{ text_literal(about.day_filter) }} as day_filter,
            {{ text_literal(member.name) }} as member,
            {{ text_literal(kind) }} as member_kind,
            {{ text_literal(member.column) }} as column_name,
            {{ text_literal(member.additivity) }} as additivity,
            {{ text_literal(report.columns[member.name].description) }} as description,
            {{ text_literal("date" if kind == "date" else member.format) }} as format
            {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro text_literal(text) -%}
    cast(
        {{ "'" ~ text | replace("'", "''") ~ "'" if text else "null" }}
        as {{ dbt.type_string() }}
    )
{%- endmacro %}
