{# The fields of one kind of record, in their newest version. Old portals convert the names of user fields,
   and tell the original one beside it; people write the original one. A field that holds words of a
   dictionary names it in one of two places. #}
{% macro bitrix24_fields(relation) -%}
    select
        connection,
        native_id,
        case
            when native_id like 'ufCrm%'
            then coalesce(nullif(uppername, ''), native_id)
            else native_id
        end as field_code,
        nullif(title, '') as field_label,
        type as native_type,
        coalesce(nullif(statustype, ''), nullif(entity_type, '')) as dictionary_code,
        {{ bitrix24_flag("ismultiple") }} as is_multiple,
        {{ bitrix24_flag("isdynamic") }} as is_custom,
        not is_gone as is_active
    from
        (
            select definitions.*, {{ unpack("settings", ["ENTITY_TYPE"]) }}
            from ({{ bitrix24_field_definitions(relation) }}) as definitions
        ) as unpacked
{%- endmacro %}

{% macro bitrix24_field_definitions(relation) -%}
    select
        newest.connection,
        newest.id as native_id,
        newest.is_gone,
        {{
            unpack(
                "payload",
                [
                    "title",
                    "type",
                    "isMultiple",
                    "isDynamic",
                    "upperName",
                    "statusType",
                    "settings",
                ],
            )
        }}
    from ({{ newest_versions(relation) }}) as newest
{%- endmacro %}

{# The options of the enumerations among the fields of one kind of record, also those that were removed: records
   go on holding them. #}
{% macro bitrix24_field_options(relation) -%}
    select connection, field_code, option_code, option_label, sort_order
    from
        (
            select
                connection,
                field_code,
                id as option_code,
                value as option_label,
                cast(position as bigint) as sort_order,
                row_number() over (
                    partition by connection, field_code, id
                    order by extracted_at desc, load_id desc, position
                ) as version_rank
            from
                (
                    select
                        elements.connection,
                        elements.field_code,
                        elements.extracted_at,
                        elements.load_id,
                        elements.position,
                        {{ unpack("element", ["ID", "VALUE"]) }}
                    from
                        (
                            select
                                connection,
                                field_code,
                                extracted_at,
                                load_id,
                                {{ json_elements("items") }}
                            from ({{ bitrix24_field_items(relation) }}) as fields
                            where items is not null
                        ) as elements
                ) as options
        ) as ranked
    where version_rank = 1
{%- endmacro %}

{% macro bitrix24_field_items(relation) -%}
    select
        captures.connection,
        captures.id as field_code,
        captures.extracted_at,
        captures._dlt_load_id as load_id,
        {{ unpack("payload", ["items"]) }}
    from {{ relation }} as captures
    where not captures.is_deleted
{%- endmacro %}
