{# The columns of contacts that settings may name as required. #}
{% macro requirable_contact_columns() -%}
    {%- set who = ["first_name", "last_name", "job_title", "phone", "email"] -%}
    {%- set links = ["company_key", "owner_key", "source_key"] -%}
    {%- set places = ["country", "region", "city"] -%}
    {%- set stamps = ["source", "medium", "campaign", "content", "term"] -%}
    {%- for stamp in stamps -%} {%- do places.append("utm_" ~ stamp) -%} {%- endfor -%}
    {{ return(who + links + places) }}
{%- endmacro %}
