{# A member of meta.report is a name, or a map with the column of the fact where that is called otherwise. #}
{% macro report_members(members) -%}
    {%- set complete = [] -%}
    {%- for member in members or [] -%}
        {%- set about = {"name": member} if member is string else member -%}
        {%- do complete.append(
            dict({"column": about.name, "format": "text"}, **about)
        ) -%}
    {%- endfor -%}
    {{ return(complete) }}
{%- endmacro %}

{# Every member of a report once; what is a column and a measure is described as a measure. #}
{% macro report_all_members(about) -%}
    {%- set measures = {} -%}
    {%- for member in report_members(about.measures) -%}
        {%- do measures.update({member.name: member}) -%}
    {%- endfor -%}
    {%- set complete = [] -%}
    {%- for member in report_members(about.dimensions or about.columns) -%}
        {%- do complete.append(measures.pop(member.name, member)) -%}
    {%- endfor -%}
    {{ return(complete + (measures.values() | list)) }}
{%- endmacro %}

{# The column of the fact that the report's date comes from; nothing for a report without one. #}
{% macro report_date_column(about) -%}
    {%- for member in report_all_members(about) if member.name == about.date -%}
        {{ return(member.column) }}
    {%- endfor -%}
    {{ return("") }}
{%- endmacro %}

{# Which rows of the fact a report is about: those with its date that meet its filter, on the days that it holds. #}
{% macro report_condition(about) -%}
    {%- set date_column = report_date_column(about) -%}
    {%- set parts = [] -%}
    {%- do parts.append(date_column ~ " is not null") if date_column -%}
    {%- do parts.append("(" ~ about.filter ~ ")") if about.filter -%}
    {%- do parts.append(about.day_filter) if about.day_filter -%}
    {{ return(parts | join(" and ") or "true") }}
{%- endmacro %}
