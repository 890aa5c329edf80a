with
    connections as (select * from {{ ref("int_connections") }} where crm = 'hubspot'),
    pipelines as (
        select
            pipelines.*,
            case
                pipelines.object_type when 'leads' then 'lead' else 'deal'
            end as record_type
        from {{ ref("stg_hubspot__pipelines") }} as pipelines
        left join connections on pipelines.connection = connections.connection
        where pipelines.object_type <> 'leads' or connections.leads_from = 'leads'
    ),
    pipelines_in_shared_shape as (
        select
            {{ record_key_of("pipeline_id") }} as pipeline_key,
            connection,
            record_type,
            pipeline_id as native_id,
            pipeline_name,
            sort_order,
            is_active,
            inactive_since_at
        from pipelines
        union all
        select
            {{ pipeline_key("lead", "'main'") }} as pipeline_key,
            connection,
            'lead' as record_type,
            'main' as native_id,
            'Leads' as pipeline_name,
            cast(0 as bigint) as sort_order,
            true as is_active,
            cast(null as timestamp) as inactive_since_at
        from connections
        where leads_from in ('lifecyclestage', 'lead_status')
    )

select *
from pipelines_in_shared_shape
