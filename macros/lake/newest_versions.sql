{# The newest version of each record that has one, tombstones told apart. Most records were read once: there is
   nothing to compare, and their payloads pass through without being kept in memory. #}
{% macro newest_versions(relation) -%}
    {%- set columns = [
        "connection",
        "id",
        "modified_at",
        "extracted_at",
        "last_load_id",
        "is_gone",
        "gone_at",
        "payload",
        "is_gone_at_estimated",
    ] -%}
    with
        repeated as ({{ repeated_captures(relation) }}),
        read_once as ({{ versions_read_once("repeated", relation) }}),
        chosen as ({{ versions_chosen("repeated", relation) }})
    select {{ columns | join(", ") }}
    from read_once
    union all
    select {{ columns | join(", ") }}
    from chosen
{%- endmacro %}

{# The records with more than one capture, among those with one that is new here. #}
{% macro repeated_captures(relation) -%}
    select captures.connection, captures.id
    from {{ relation }} as captures
    {%- if is_incremental() %}
        where {{ is_record_changed("captures", relation) }}
    {%- endif %}
    group by captures.connection, captures.id
    having count(*) > 1
{%- endmacro %}

{% macro is_repeated(alias, repeated) -%}
    exists (
        select 1
        from {{ repeated }} as repeated_records
        where
            repeated_records.connection = {{ alias }}.connection
            and repeated_records.id = {{ alias }}.id
    )
{%- endmacro %}
