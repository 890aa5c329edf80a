{# The newest version of each record that was read more than once. Keys are compared first and payloads read for
   the chosen versions only: the source is scanned by name and not through a step. #}
{% macro versions_chosen(repeated, relation) -%}
    with
        captures as ({{ compared_captures(relation, repeated) }}),
        tombstones as ({{ tombstones(relation) }}),
        payloads as ({{ chosen_payloads("captures", relation) }})
    select
        payloads.*, coalesce(tombstones.payload = '{}', false) as is_gone_at_estimated
    from payloads
    left join
        tombstones
        on payloads.connection = tombstones.connection
        and payloads.id = tombstones.id
        and payloads.gone_at = tombstones.modified_at
{%- endmacro %}

{# An empty tombstone is one whose time the CRM did not tell. #}
{% macro tombstones(relation) -%}
    select connection, id, modified_at, max(payload) as payload
    from {{ relation }}
    where is_deleted
    group by connection, id, modified_at
{%- endmacro %}

{# Grouped, because a page that was read twice in one load lands twice. #}
{% macro chosen_payloads(captures, relation) -%}
    {%- set columns = [
        "connection",
        "id",
        "modified_at",
        "extracted_at",
        "last_load_id",
        "is_gone",
        "gone_at",
    ] -%}
    select captures.{{ columns | join(", captures.") }}, max(landed.payload) as payload
    from {{ captures }} as captures
    inner join
        {{ relation }} as landed
        on captures.connection = landed.connection
        and captures.id = landed.id
        and captures.modified_at = landed.modified_at
        and captures.extracted_at = landed.extracted_at
        and captures.load_id = landed._dlt_load_id
        and not landed.is_deleted
    where captures.version_rank = 1 and not captures.is_deleted
    group by captures.{{ columns | join(", captures.") }}
{%- endmacro %}
