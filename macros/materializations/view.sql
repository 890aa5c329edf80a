{#
    A view in one statement. dbt's own way makes a second one, renames both and drops the first: twice the time,
    for each of some 150 views of every build.
#}
{% materialization view, adapter = "duckdb" %}
    {%- set made = create_or_replace_view() -%}
    {%- do adapter.commit() -%}
    {{ return(made) }}
{% endmaterialization %}

{% macro duckdb__create_view_as(relation, sql) -%}
    {%- if config.get("contract").enforced -%}
        {{ get_assert_columns_equivalent(sql) }}
    {%- endif %}
    create or replace view {{ relation }} as (
    {{ sql }}
    );
{%- endmacro %}
