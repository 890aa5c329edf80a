with
    connections as (select * from {{ ref("int_connections") }}),
    merged as (select * from {{ ref("int_hubspot__merged_records") }}),
    associated as (
        select
            connection, from_type, from_id, to_type, to_id, is_primary, position, role
        from {{ ref("stg_hubspot__deal_associations") }}
        union all
        select
            connection, from_type, from_id, to_type, to_id, is_primary, position, role
        from {{ ref("stg_hubspot__contact_associations") }}
        union all
        select
            connection, from_type, from_id, to_type, to_id, is_primary, position, role
        from {{ ref("stg_hubspot__lead_associations") }}
        union all
        -- A lead names its first contact itself, whether or not an association says
        -- which one that is.
        select
            connection,
            'lead' as from_type,
            native_id as from_id,
            'contact' as to_type,
            primary_contact_id as to_id,
            true as is_primary,
            cast(0 as bigint) as position,
            cast(null as varchar) as role
        from {{ ref("stg_hubspot__leads") }}
        where primary_contact_id is not null
    ),
    told as (
        select associated.*
        from associated
        inner join connections on associated.connection = connections.connection
        where
            associated.to_id is not null
            -- Where leads are made from contacts, those of the account are none.
            and (
                connections.leads_from = 'leads'
                or (associated.from_type <> 'lead' and associated.to_type <> 'lead')
            )
        union all
        select
            connection, from_type, from_id, to_type, to_id, is_primary, position, role
        from {{ ref("int_hubspot__contact_lead_links") }}
    ),
    -- A record that was merged away keeps its links, for reports of the past; its
    -- survivor tells its own. Others may still name the merged one.
    of_survivors as (
        select
            told.connection,
            told.from_type,
            told.from_id,
            told.to_type,
            coalesce(merged_to.survivor_id, told.to_id) as to_id,
            max(told.is_primary) as is_primary,
            min(told.position) as position,
            max(told.role) as role
        from told
        left join
            merged as merged_to
            on told.connection = merged_to.connection
            and told.to_type = merged_to.record_type
            and told.to_id = merged_to.merged_id
        group by
            told.connection,
            told.from_type,
            told.from_id,
            told.to_type,
            coalesce(merged_to.survivor_id, told.to_id)
    ),
    keyed as (
        select
            *,
            connection || ':' || from_type || ':' || from_id as from_key,
            connection || ':' || to_type || ':' || to_id as to_key
        from of_survivors
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
            role
        from keyed
    )

select *
from links_in_shared_shape
