{#- [from, from model, to, column of one id, column of a list of ids] -#}
{%- set linked = [
    ["deal", "stg_bitrix24__deals", "contact", "contact_id", "contact_ids"],
    ["deal", "stg_bitrix24__deals", "company", "company_id", none],
    ["deal", "stg_bitrix24__deals", "lead", "lead_id", none],
    ["lead", "stg_bitrix24__leads", "contact", "contact_id", "contact_ids"],
    ["lead", "stg_bitrix24__leads", "company", "company_id", none],
    [
        "contact",
        "stg_bitrix24__contacts",
        "company",
        "company_id",
        "company_ids",
    ],
] %}
with
    named as (
        {% for from_type, model, to_type, one_id, ids in linked -%}
            {%- if ids %}
                select
                    connection,
                    '{{ from_type }}' as from_type,
                    native_id,
                    '{{ to_type }}' as to_type,
                    {{ one_id }} as primary_id,
                    {{ json_elements(ids) }}
                from {{ ref(model) }}
                where substr({{ ids }}, 1, 1) = '['
                union all
            {%- endif %}
            select
                connection,
                '{{ from_type }}' as from_type,
                native_id,
                '{{ to_type }}' as to_type,
                {{ one_id }} as primary_id,
                1 as position,
                {{ one_id }} as element
            from {{ ref(model) }}
            where
                {{ one_id }} is not null
                {{ "and " ~ ids ~ " is null" if ids }}
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    -- Nobody is written as 0.
    links as (
        select
            connection,
            from_type,
            native_id,
            to_type,
            primary_id,
            element as to_id,
            min(position) as position
        from named
        where element not in ('', '0')
        group by connection, from_type, native_id, to_type, primary_id, element
    ),
    keyed as (
        select
            connection || ':' || from_type || ':' || native_id as from_key,
            connection || ':' || to_type || ':' || to_id as to_key,
            connection,
            from_type,
            to_type,
            coalesce(to_id = primary_id, position = 1) as is_primary,
            cast(position as bigint) as position
        from links
    ),
    links_in_shared_shape as (
        select
            from_key || '>' || to_key as link_key,
            connection,
            from_key,
            from_type,
            to_key,
            to_type,
            is_primary,
            position,
            cast(null as varchar) as role
        from keyed
    )

select *
from links_in_shared_shape
