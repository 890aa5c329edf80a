with
    connections as (select * from {{ ref("int_connections") }}),
    merged as (select * from {{ ref("int_hubspot__merged_records") }}),
    told as (
        select
            connection, from_type, from_id, to_type, to_id, is_primary, position, role
        from {{ ref("stg_hubspot__deal_associations") }}
        where to_id is not null
        union all
        select
            connection, from_type, from_id, to_type, to_id, is_primary, position, role
        from {{ ref("stg_hubspot__contact_associations") }}
        where to_id is not null
        union all
        -- Leads know their deals; elsewhere it is the deal that knows its lead.
        select
            associations.connection,
            case to_type when 'deal' then to_type else from_type end as from_type,
            case to_type when 'deal' then to_id else from_id end as from_id,
            case to_type when 'deal' then from_type else to_type end as to_type,
            case to_type when 'deal' then from_id else to_id end as to_id,
            is_primary and to_type <> 'deal' as is_primary,
            position,
            role
        from {{ ref("stg_hubspot__lead_associations") }} as associations
        inner join
            connections
            on associations.connection = connections.connection
            and connections.leads_from = 'leads'
        where to_id is not null
        union all
        select
            connection, from_type, from_id, to_type, to_id, is_primary, position, role
        from {{ ref("int_hubspot__contact_lead_links") }}
    ),
    -- What a record that was merged away was linked to stays its own, for reports of
    -- the
    -- past. Its survivor tells its links by itself, but that a deal came of a lead the
    -- lead tells, which may still name the merged one.
    told_of_survivors as (
        select
            told.connection,
            told.from_type,
            merged.survivor_id as from_id,
            told.to_type,
            told.to_id,
            told.is_primary,
            told.position,
            told.role
        from told
        inner join
            merged
            on told.connection = merged.connection
            and told.from_type = merged.record_type
            and told.from_id = merged.merged_id
        where told.from_type = 'deal' and told.to_type = 'lead'
    ),
    told_of_both as (
        select *
        from told
        union all
        select *
        from told_of_survivors
    ),
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
        from told_of_both as told
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
