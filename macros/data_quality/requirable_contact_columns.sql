{# The columns of contacts that settings may name as required, each with the other names that it goes by: in the APIs
   of the CRMs, and without the _key of a column. #}
{% macro requirable_contact_columns() -%}
    {%- set columns = {
        "first_name": ["name", "firstname"],
        "last_name": ["lastname"],
        "job_title": ["jobtitle", "post"],
        "phone": ["mobilephone"],
        "email": [],
        "company_key": [
            "company",
            "company_id",
            "company_ids",
            "associatedcompanyid",
        ],
        "owner_key": ["owner", "assigned_by_id", "hubspot_owner_id"],
        "source_key": ["source", "source_id", "hs_analytics_source"],
        "country": [],
        "region": ["state"],
        "city": [],
    } -%}
    {%- for stamp in ["source", "medium", "campaign", "content", "term"] -%}
        {%- do columns.update({"utm_" ~ stamp: ["utm" ~ stamp]}) -%}
    {%- endfor -%}
    {{ return(columns) }}
{%- endmacro %}

{# Whether a field holds more than blanks. #}
{% macro is_filled_in(value) -%}
    coalesce({{ text_matches(value, "[^\\s\\p{Z}]") }}, false)
{%- endmacro %}
