{# Per member of a report a list of texts, from the report's own YAML; in the order of the catalogue's columns. #}
{% macro report_catalog_rows(report) -%}
    {%- set about = report.config.meta.report -%}
    {%- set date_column = report_date_column(about) -%}
    {%- set rows = [] -%}
    {%- for member in report_all_members(about) -%}
        {%- set kind = (
            "measure"
            if member.additivity
            else "date" if member.name == about.date else "dimension"
        ) -%}
        {%- do rows.append(
            [
                report.name,
                about.title,
                about.question,
                about.grain or "group",
                about.fact,
                date_column,
                about.filter,
                about.day_filter,
                member.name,
                kind,
                member.column,
                member.additivity,
                report.columns[member.name].description,
                "date" if kind == "date" else member.format,
            ]
        ) -%}
    {%- endfor -%}
    {{ return(rows) }}
{%- endmacro %}

{% macro text_literal(text) -%}
    {{ "'" ~ text | replace("'", "''") ~ "'" if text else "null" }}
{%- endmacro %}
