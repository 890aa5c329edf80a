{% macro create_lake_views() -%}
    {% if execute %}
        {{ return(adapter.dispatch("create_lake_views", "dealhouse")()) }}
    {% endif %}
{%- endmacro %}

{# Spark reads the lake through tables that its own catalogue declares. #}
{% macro default__create_lake_views() %} {% endmacro %}

{% macro duckdb__create_lake_views() -%}
    {% set sources = graph.sources.values() | sort(attribute="unique_id") %}
    {% for group in sources | groupby("schema") %}
        {% do run_query("create schema if not exists " ~ group.grouper) %}
        {% if "_dlt_load_id" in group.list[0].columns %}
            {% do run_query(committed_loads_table(group.grouper)) %}
        {% endif %}
    {% endfor %}
    {% for source in sources %} {% do run_query(lake_view(source)) %} {% endfor %}
{%- endmacro %}

{% macro lake_files(folder, pattern) -%}
    {{ return(env_var("DEALHOUSE_HOME", "data") ~ "/lake/" ~ folder ~ "/" ~ pattern) }}
{%- endmacro %}

{% macro has_files(files) -%}
    {{
        return(
            run_query("select count(*) from glob('" ~ files ~ "')").rows[0][0] > 0
        )
    }}
{%- endmacro %}
