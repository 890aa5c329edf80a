{# The newest version of each record that has one, tombstones told apart. Keys are compared first and
   payloads read for the chosen versions only: the source is scanned by name and not through a step. #}
{% macro newest_versions(relation) -%}
    with
        captures as ({{ compared_captures(relation) }}),
        tombstones as (
            select connection, id, modified_at, max(payload) as payload
            from {{ relation }}
            where is_deleted
            group by connection, id, modified_at
        )
    select
        captures.connection,
        captures.id,
        captures.modified_at,
        captures.extracted_at,
        captures.last_load_id,
        captures.is_gone,
        captures.gone_at,
        coalesce(tombstones.payload = '{}', false) as is_gone_at_estimated,
        max(payloads.payload) as payload
    from captures
    inner join
        {{ relation }} as payloads
        on captures.connection = payloads.connection
        and captures.id = payloads.id
        and captures.modified_at = payloads.modified_at
        and captures.extracted_at = payloads.extracted_at
        and captures.load_id = payloads._dlt_load_id
        and captures.is_deleted = payloads.is_deleted
    left join
        tombstones
        on captures.connection = tombstones.connection
        and captures.id = tombstones.id
        and captures.gone_at = tombstones.modified_at
    where captures.version_rank = 1 and not captures.is_deleted
    group by
        captures.connection,
        captures.id,
        captures.modified_at,
        captures.extracted_at,
        captures.last_load_id,
        captures.is_gone,
        captures.gone_at,
        tombstones.payload
{%- endmacro %}
