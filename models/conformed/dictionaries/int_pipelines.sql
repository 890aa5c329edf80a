with
    dictionary as ({{ union_of_crms("pipelines") }}),
    -- Pipelines that went before they were ever read, known by their stages.
    unknown_to_dictionary as (
        select distinct
            stages.pipeline_key,
            stages.connection,
            stages.record_type,
            substr(
                stages.pipeline_key,
                length(stages.connection) + length(stages.record_type) + 3
            ) as native_id
        from {{ ref("int_stages") }} as stages
        left join dictionary on stages.pipeline_key = dictionary.pipeline_key
        where dictionary.pipeline_key is null
    ),
    pipelines as (
        select
            pipeline_key,
            connection,
            record_type,
            native_id,
            pipeline_name,
            sort_order,
            is_active,
            inactive_since_at
        from dictionary
        union all
        select
            pipeline_key,
            connection,
            record_type,
            native_id,
            native_id as pipeline_name,
            cast(null as bigint) as sort_order,
            false as is_active,
            cast(null as timestamp) as inactive_since_at
        from unknown_to_dictionary
    )

select *
from pipelines
