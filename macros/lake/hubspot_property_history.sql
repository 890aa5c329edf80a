{# One row per value that a tracked property of an object of one type took. HubSpot keeps a limited number per
   property; we keep all. #}
{% macro hubspot_property_history(relation) -%}
    select
        connection,
        native_id,
        object_id,
        load_id,
        property as property_name,
        nullif(value, '') as property_value,
        {{ unreadable_values([["timestamp", "timestamp_text", "set_at"]]) }}
        as unreadable_values,
        -- Further entries of one instant have their number at the end of the id.
        coalesce(
            try_cast(
                nullif(
                    substr(
                        native_id,
                        length(object_id)
                        + length(property)
                        + length(timestamp_text)
                        + 4
                    ),
                    ''
                ) as bigint
            ),
            1
        ) as entry_number,
        set_at
    from ({{ hubspot_property_entries(relation) }}) as entries
{%- endmacro %}

{# The entries with their time read; an entry that was read twice is one. #}
{% macro hubspot_property_entries(relation) -%}
    select
        unpacked.connection,
        unpacked.id as native_id,
        coalesce(unpacked.objectid, unpacked.dealid) as object_id,
        unpacked.load_id,
        unpacked.property,
        unpacked.value,
        unpacked.{{ adapter.quote("timestamp") }} as timestamp_text,
        {{ utc_timestamp("unpacked." ~ adapter.quote("timestamp")) }} as set_at
    from
        (
            select
                captures.connection,
                captures.id,
                captures.load_id,
                {{
                    unpack(
                        "payload",
                        ["objectId", "dealId", "property", "value", "timestamp"],
                    )
                }}
            from ({{ last_captures(relation) }}) as captures
        ) as unpacked
{%- endmacro %}
