{# One row per value of a user field of the records of one kind. A record without values keeps one empty row,
   which replaces the values it had. #}
{% macro bitrix24_custom_values(relation) -%}
    with
        newest as ({{ newest_versions(relation) }}),
        entries as (
            {{
                json_entries(
                    ["connection", "id"], "payload", "%s like 'UF_%'", "newest"
                )
            }}
        )
        {{ kept_values() }}
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
                    ["connection", "id"],
                    "properties",
                    "%s not like 'hs_%' and %s not in ('" ~ own_properties
                    | join("', '") ~ "')",
                    "envelopes",
                )
            }}
        )
        {{ kept_values() }}
{%- endmacro %}

{# The entries that hold something, beside the records that hold nothing. #}
{% macro kept_values() -%}
    select
        newest.connection,
        newest.id as native_id,
        filled.entry_name as field_code,
        cast(filled.position as bigint) as position,
        filled.element as value_text,
        newest.last_load_id
    from newest
    left join
        entries as filled
        on newest.connection = filled.connection
        and newest.id = filled.id
        and filled.element <> ''
{%- endmacro %}
