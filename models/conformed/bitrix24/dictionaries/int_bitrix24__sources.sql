with
    -- The tombstone of a source carries no payload: it is known by its native id.
    versions as (
        select
            *,
            row_number() over (
                partition by connection, native_id
                order by is_deleted, captured_at desc, load_id desc
            ) as version_rank,
            first_value(is_deleted) over (
                partition by connection, native_id
                order by captured_at desc, load_id desc
            ) as is_gone
        from {{ ref("stg_bitrix24__status_versions") }}
        where substr(native_id, 1, 7) = 'SOURCE:'
    ),
    sources_in_shared_shape as (
        select
            {{ record_key("source", "status_id") }} as source_key,
            connection,
            status_id as native_id,
            coalesce(nullif(status_name, ''), status_id) as source_name,
            not is_gone as is_active
        from versions
        where version_rank = 1 and not is_deleted
    )

select *
from sources_in_shared_shape
