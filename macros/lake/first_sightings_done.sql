{# Since when each record that was read more than once was seen done: the change that the first version after the
   last undone one tells. Bitrix24 keeps no time of completion. #}
{% macro first_sightings_done(relation) -%}
    select
        connection,
        id,
        min_by(
            modified_at, {{ in_order(["extracted_at", "_dlt_load_id"]) }}
        ) as completed_seen_at
    from
        (
            select
                *,
                max(
                    case
                        when {{ bitrix24_flag("completed") }}
                        then null
                        else extracted_at
                    end
                ) over (partition by connection, id) as undone_at
            from ({{ completion_captures(relation) }}) as captures
        ) as compared
    where
        {{ bitrix24_flag("completed") }}
        and (undone_at is null or extracted_at > undone_at)
    group by connection, id
{%- endmacro %}

{% macro completion_captures(relation) -%}
    with repeated as ({{ repeated_captures(relation) }})
    select
        captures.connection,
        captures.id,
        captures.modified_at,
        captures.extracted_at,
        captures._dlt_load_id,
        {{ unpack("captures.payload", ["COMPLETED"]) }}
    from {{ relation }} as captures
    where not captures.is_deleted and {{ is_repeated("captures", "repeated") }}
{%- endmacro %}
