{# Since when each record that was read more than once was seen done: the change that the first version after the
   last undone one tells. Bitrix24 keeps no time of completion, HubSpot not always. #}
{% macro first_sightings_done(relation, field, is_done, within=none) -%}
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
                max(case when {{ is_done }} then null else extracted_at end) over (
                    partition by connection, id
                ) as undone_at
            from ({{ completion_captures(relation, field, within) }}) as captures
        ) as compared
    where {{ is_done }} and (undone_at is null or extracted_at > undone_at)
    group by connection, id
{%- endmacro %}

{% macro completion_captures(relation, field, within) -%}
    with
        repeated as ({{ repeated_captures(relation) }}),
        opened as (
            select
                captures.connection,
                captures.id,
                captures.modified_at,
                captures.extracted_at,
                captures._dlt_load_id,
                {{ unpack("captures.payload", [within or field]) }}
            from {{ relation }} as captures
            where not captures.is_deleted and {{ is_repeated("captures", "repeated") }}
        )
    select
        {% if within -%}
            connection,
            id,
            modified_at,
            extracted_at,
            _dlt_load_id,
            {{ unpack(within, [field]) }}
        {%- else -%} *
        {%- endif %}
    from opened
{%- endmacro %}
