with
    snapshots_in_shared_shape as (
        select
            {{ record_key("deal", "native_id") }} as record_key,
            connection,
            'deal' as record_type,
            modified_at as valid_from_at,
            {{ microseconds("captured_at") }} as snapshot_order,
            {{ stage_key("deal", "pipeline_id", "stage_id") }} as stage_key,
            {{ pipeline_key("deal", "pipeline_id") }} as pipeline_key,
            {{ record_key("employee", "owner_id") }} as owner_key,
            amount,
            currency,
            cast(probability_percent * 0.01 as decimal(9, 6)) as probability,
            close_date as expected_close_date,
            modified_at
        from {{ ref("stg_bitrix24__deal_versions") }}
    )

select *
from snapshots_in_shared_shape
