with
    stage_history as (
        select
            connection,
            'deal' as record_type,
            object_id as record_id,
            native_id,
            property_name = 'pipeline' as is_pipeline,
            property_value,
            set_at,
            entry_number,
            load_id
        from {{ ref("stg_hubspot__deal_property_history") }}
        where
            property_name in ('dealstage', 'pipeline')
            and property_value is not null
            and set_at is not null
            and object_id is not null
        union all
        select
            connection,
            'lead' as record_type,
            object_id as record_id,
            native_id,
            property_name = 'hs_pipeline' as is_pipeline,
            property_value,
            set_at,
            entry_number,
            load_id
        from {{ ref("stg_hubspot__lead_property_history") }}
        where
            property_name in ('hs_pipeline_stage', 'hs_pipeline')
            and property_value is not null
            and set_at is not null
            and object_id is not null
    )

select *
from stage_history
