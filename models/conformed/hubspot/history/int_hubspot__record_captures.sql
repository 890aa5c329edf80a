with
    versions as (
        select
            connection,
            'deal' as record_type,
            native_id,
            pipeline_id,
            stage_id,
            modified_at,
            captured_at
        from {{ ref("stg_hubspot__deal_versions") }}
        union all
        select
            versions.connection,
            'lead' as record_type,
            versions.native_id,
            versions.pipeline_id,
            versions.stage_id,
            versions.modified_at,
            versions.captured_at
        from {{ ref("stg_hubspot__lead_versions") }} as versions
        inner join
            {{ ref("int_connections") }} as connections
            on versions.connection = connections.connection
            and connections.leads_from = 'leads'
        union all
        select
            versions.connection,
            'lead' as record_type,
            versions.native_id,
            'main' as pipeline_id,
            case
                connections.leads_from
                when 'lifecyclestage'
                then versions.lifecycle_stage
                else versions.lead_status
            end as stage_id,
            versions.modified_at,
            versions.captured_at
        from {{ ref("stg_hubspot__contact_versions") }} as versions
        inner join
            {{ ref("int_connections") }} as connections
            on versions.connection = connections.connection
            and connections.leads_from in ('lifecyclestage', 'lead_status')
    ),
    captures_in_shared_shape as (
        select
            {{ record_key_of("native_id") }} as record_key,
            connection,
            record_type,
            {{ record_key_of("pipeline_id") }} as pipeline_key,
            {{ record_key_of("pipeline_id") }} || ':' || stage_id as stage_key,
            modified_at,
            cast(null as timestamp) as moved_at,
            captured_at,
            {{ microseconds("captured_at") }} as capture_order
        from versions
        where pipeline_id is not null and stage_id is not null
    )

select *
from captures_in_shared_shape
