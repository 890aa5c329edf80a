{# A member of meta.report is a name, or a map with the column of the fact where that is called otherwise. #}
{% macro report_members(members) -%}
    {%- set complete = [] -%}
    {%- for member in members -%}
        {%- set about = {"name": member} if member is string else member -%}
        {%- do complete.append(
            dict({"column": about.name, "format": "text"}, **about)
        ) -%}
    {%- endfor -%}
    {{ return(complete) }}
{%- endmacro %}

{# The column of the fact that the report's date comes from. #}
{% macro report_date_column(about) -%}
    {%- for member in report_members(about.dimensions) if member.name == about.date -%}
        {{ return(member.column) }}
    {%- endfor -%}
{%- endmacro %}
