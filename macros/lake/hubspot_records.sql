{# The newest version of each object of a type: its envelope, and the named properties as text. #}
{% macro hubspot_records(relation, properties) -%}
    select
        envelopes.connection,
        envelopes.native_id,
        envelopes.modified_at,
        envelopes.extracted_at,
        envelopes.last_load_id,
        envelopes.is_gone,
        envelopes.gone_at,
        envelopes.is_gone_at_estimated,
        envelopes.createdat,
        {{ unpack("properties", properties) }}
    from
        (
            select
                newest.connection,
                newest.id as native_id,
                newest.modified_at,
                newest.extracted_at,
                newest.last_load_id,
                newest.is_gone,
                newest.gone_at,
                newest.is_gone_at_estimated,
                {{ unpack("payload", ["createdAt", "properties"]) }}
            from ({{ newest_versions(relation) }}) as newest
        ) as envelopes
{%- endmacro %}

{# Every version of each object of a type that was read in a load which is new here. #}
{% macro hubspot_versions(relation, properties) -%}
    select
        envelopes.connection,
        envelopes.native_id,
        envelopes.modified_at,
        envelopes.captured_at,
        envelopes.load_id,
        {{ unpack("properties", properties) }}
    from
        (
            select
                captures.connection,
                captures.id as native_id,
                captures.modified_at,
                captures.extracted_at as captured_at,
                captures._dlt_load_id as load_id,
                {{ unpack("payload", ["properties"]) }}
            from {{ relation }} as captures
            where not captures.is_deleted and {{ is_load_new("captures") }}
        ) as envelopes
{%- endmacro %}
