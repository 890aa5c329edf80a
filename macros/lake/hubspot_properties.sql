{# The definitions of the properties of one type, in their newest version. #}
{% macro hubspot_properties(relation) -%}
    select
        connection,
        native_id,
        nullif(label, '') as field_label,
        type as native_type,
        fieldtype as input_type,
        -- A custom property has hubspotDefined absent or false.
        coalesce(hubspotdefined, 'false') <> 'true' as is_custom,
        not is_gone and coalesce(archived, 'false') <> 'true' as is_active
    from
        (
            select
                newest.connection,
                newest.id as native_id,
                newest.is_gone,
                {{
                    unpack(
                        "payload",
                        ["label", "type", "fieldType", "hubspotDefined", "archived"],
                    )
                }}
            from ({{ newest_versions(relation) }}) as newest
        ) as unpacked
{%- endmacro %}

{# The options of the enumerations among the properties of one type. #}
{% macro hubspot_property_options(relation) -%}
    select
        connection,
        field_code,
        value as option_code,
        label as option_label,
        -- Options without an order of their own stand as they are listed.
        coalesce(
            case
                when try_cast(displayorder as bigint) >= 0
                then try_cast(displayorder as bigint)
            end,
            cast(position as bigint)
        ) as sort_order
    from
        (
            select
                connection,
                field_code,
                position,
                {{ unpack("element", ["value", "label", "displayOrder"]) }}
            from
                (
                    select connection, field_code, {{ json_elements("options") }}
                    from ({{ hubspot_option_lists(relation) }}) as fields
                    where options is not null
                ) as elements
        ) as options
{%- endmacro %}

{% macro hubspot_option_lists(relation) -%}
    select
        newest.connection, newest.id as field_code, {{ unpack("payload", ["options"]) }}
    from ({{ newest_versions(relation) }}) as newest
{%- endmacro %}
