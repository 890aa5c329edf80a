{# One row per record that an object is associated with. An object that has lost all of a type keeps an empty row,
   which replaces those it had; one that is gone keeps what it had last, or reports of the past would change. #}
{% macro hubspot_associations(relation) -%}
    with
        sets as ({{ hubspot_association_sets(relation) }}),
        links as ({{ hubspot_association_links("sets") }})
    select
        sets.connection,
        sets.native_id,
        {{ hubspot_record_type("sets.fromtype") }} as from_type,
        sets.fromid as from_id,
        {{ hubspot_record_type("sets.totype") }} as to_type,
        links.to_id,
        coalesce(links.is_primary, false) as is_primary,
        links.role,
        cast(links.position as bigint) as position,
        sets.last_load_id
    from sets
    left join
        links on sets.connection = links.connection and sets.native_id = links.native_id
{%- endmacro %}

{% macro hubspot_association_sets(relation) -%}
    select
        newest.connection,
        newest.id as native_id,
        newest.last_load_id,
        {{ unpack("payload", ["fromType", "fromId", "toType", "to"]) }}
    from ({{ newest_versions(relation) }}) as newest
{%- endmacro %}

{# A record that stands twice in a set is associated once. Of a link's types the numbered or so labelled ones tell the primary
   one, those that people made a role. #}
{% macro hubspot_association_links(sets) -%}
    select
        connection,
        native_id,
        to_id,
        min(position) as position,
        max(
            category = 'HUBSPOT_DEFINED'
            and (typeid in ('1', '5', '578') or label = 'Primary')
        ) as is_primary,
        max(case category when 'USER_DEFINED' then nullif(label, '') end) as role
    from
        (
            select
                connection,
                native_id,
                position,
                to_id,
                {{ unpack("element", ["category", "typeId", "label"]) }}
            from ({{ hubspot_association_types(sets) }}) as types
        ) as unpacked
    group by connection, native_id, to_id
{%- endmacro %}

{# One row per type of each link; ids come as texts or as numbers. #}
{% macro hubspot_association_types(sets) -%}
    select connection, native_id, place as position, toobjectid as to_id, element
    from
        (
            select
                connection,
                native_id,
                place,
                toobjectid,
                {{
                    json_elements(
                        "coalesce(nullif(nullif(associationtypes, ''), '[]'), '[{}]')"
                    )
                }}
            from ({{ hubspot_association_elements(sets) }}) as links
            where toobjectid <> ''
        ) as types
{%- endmacro %}

{% macro hubspot_association_elements(sets) -%}
    select
        connection,
        native_id,
        position as place,
        {{ unpack("element", ["toObjectId", "associationTypes"]) }}
    from
        (
            select connection, native_id, {{ json_elements(adapter.quote("to")) }}
            from {{ sets }}
            where substr({{ adapter.quote("to") }}, 1, 1) = '['
        ) as elements
{%- endmacro %}
