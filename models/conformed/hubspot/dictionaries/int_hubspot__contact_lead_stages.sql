with
    connections as (
        select
            connection,
            leads_from,
            case
                leads_from when 'lead_status' then 'hs_lead_status' else leads_from
            end as field_code
        from {{ ref("int_connections") }}
        where crm = 'hubspot' and leads_from in ('lifecyclestage', 'lead_status')
    ),
    stages as (
        select
            connections.connection,
            'lead' as record_type,
            options.option_code as stage_id,
            coalesce(
                nullif(options.option_label, ''), options.option_code
            ) as stage_name,
            coalesce(stage_kinds.stage_kind, 'open') as stage_kind,
            options.sort_order
        from connections
        inner join
            {{ ref("stg_hubspot__contact_property_options") }} as options
            on connections.connection = options.connection
            and connections.field_code = options.field_code
        left join
            {{ ref("lead_stage_kinds") }} as stage_kinds
            on stage_kinds.crm = 'hubspot'
            and connections.leads_from = stage_kinds.leads_from
            and options.option_code = stage_kinds.stage_id
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by connection
                order by stage_kind <> 'open', sort_order nulls last, stage_id
            ) as place,
            count(case when stage_kind = 'open' then 1 end) over (
                partition by connection
            ) as open_count
        from stages
    ),
    stages_in_shared_shape as (
        select
            {{ stage_key("lead", "'main'", "stage_id") }} as stage_key,
            {{ pipeline_key("lead", "'main'") }} as pipeline_key,
            connection,
            record_type,
            stage_id as native_id,
            stage_name,
            stage_kind,
            sort_order,
            {{ stage_position("stage_kind", "place", "open_count") }} as position,
            cast(null as decimal(9, 6)) as probability,
            true as is_active,
            cast(null as timestamp) as inactive_since_at
        from ranked
    )

select *
from stages_in_shared_shape
