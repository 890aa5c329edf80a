{# The fields of one kind of record, in their newest version. #}
{% macro bitrix24_fields(relation) -%}
    select
        connection,
        native_id,
        nullif(title, '') as field_label,
        type as native_type,
        lower(ismultiple) in ('true', 'y', '1') as is_multiple,
        lower(isdynamic) in ('true', 'y', '1') as is_custom,
        not is_gone as is_active
    from
        (
            select
                newest.connection,
                newest.id as native_id,
                newest.is_gone,
                {{ unpack("payload", ["title", "type", "isMultiple", "isDynamic"]) }}
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
