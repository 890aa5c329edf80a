{# The fields of one kind of record, in their newest version. Old portals convert the names of user fields,
   and tell the original one beside it; people write the original one. #}
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
        {{ bitrix24_flag("ismultiple") }} as is_multiple,
        {{ bitrix24_flag("isdynamic") }} as is_custom,
        not is_gone as is_active
    from
        (
            select
                newest.connection,
                newest.id as native_id,
                newest.is_gone,
                {{
                    unpack(
                        "payload",
                        ["title", "type", "isMultiple", "isDynamic", "upperName"],
                    )
                }}
            from ({{ newest_versions(relation) }}) as newest
        ) as unpacked
{%- endmacro %}

{# The options of the enumerations among the fields of one kind of record. #}
{% macro bitrix24_field_options(relation) -%}
    select
        connection,
        field_code,
        id as option_code,
        value as option_label,
        cast(position as bigint) as sort_order
    from
        (
            select
                connection,
                field_code,
                position,
                {{ unpack("element", ["ID", "VALUE"]) }}
            from
                (
                    select connection, field_code, {{ json_elements("items") }}
                    from ({{ bitrix24_field_items(relation) }}) as fields
                    where items is not null
                ) as elements
        ) as options
{%- endmacro %}

{% macro bitrix24_field_items(relation) -%}
    select
        newest.connection, newest.id as field_code, {{ unpack("payload", ["items"]) }}
    from ({{ newest_versions(relation) }}) as newest
{%- endmacro %}
