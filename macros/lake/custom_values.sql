{# One row per value of a user field of the records of one kind. Each record has one empty row besides,
   so that one whose values were cleared is replaced, too. Old portals convert the names: ufCrm_1711. #}
{% macro bitrix24_custom_values(relation) -%}
    with
        newest as ({{ newest_versions(relation) }}),
        entries as (
            {{
                json_entries(
                    ["connection", "id", "last_load_id"],
                    "payload",
                    "(%s like 'UF_%' or %s like 'ufCrm%')",
                    "newest",
                )
            }}
        )
        {{ kept_values(relation) }}
{%- endmacro %}

{# Which properties are custom only their definitions tell, later: here HubSpot's own are dropped as far as
   their names give them away. #}
{% macro hubspot_custom_values(relation, own_properties) -%}
    with
        newest as ({{ newest_versions(relation) }}),
        envelopes as (
            select connection, id, last_load_id, {{ unpack("payload", ["properties"]) }}
            from newest
        ),
        entries as (
            {{
                json_entries(
                    ["connection", "id", "last_load_id"],
                    "properties",
                    "substr(%s, 1, 3) <> 'hs_' and %s not in ('" ~ own_properties
                    | join("', '") ~ "')",
                    "envelopes",
                )
            }}
        )
        {{ kept_values(relation) }}
{%- endmacro %}

{# The entries that hold something, beside an empty row for each record: it replaces what the record held. #}
{% macro kept_values(relation) -%}
    select
        connection,
        id as native_id,
        entry_name as field_code,
        cast(position as bigint) as position,
        element as value_text,
        last_load_id
    from entries
    where element <> ''
    union all
    select
        captures.connection,
        captures.id as native_id,
        cast(null as varchar) as field_code,
        cast(null as bigint) as position,
        cast(null as varchar) as value_text,
        max(captures._dlt_load_id) as last_load_id
    from {{ relation }} as captures
    {%- if is_incremental() %}
        where {{ is_record_changed("captures", relation) }}
    {%- endif %}
    group by captures.connection, captures.id
{%- endmacro %}
