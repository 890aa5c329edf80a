with
    -- Of a currency without a history only the present one is known.
    present_currencies as (
        select connection, native_id, max_by(currency, captured_at) as currency
        from {{ ref("stg_hubspot__deal_versions") }}
        group by connection, native_id
    ),
    instants as (
        select
            instants.connection,
            instants.deal_id,
            instants.set_at,
            instants.next_set_at,
            instants.pipeline_id,
            instants.stage_id,
            instants.owner_id,
            instants.amount,
            case
                when instants.is_currency_untold
                then present_currencies.currency
                else instants.currency
            end as currency,
            instants.is_currency_untold,
            instants.close_at
        from {{ ref("int_hubspot__property_instants") }} as instants
        left join
            present_currencies
            on instants.connection = present_currencies.connection
            and instants.deal_id = present_currencies.native_id
    ),
    -- What a capture adds to the history: a state that the history does not tell for
    -- its instant.
    untold_captures as (
        select captures.*
        from {{ ref("stg_hubspot__deal_versions") }} as captures
        left join
            instants
            on captures.connection = instants.connection
            and captures.native_id = instants.deal_id
            and captures.modified_at >= instants.set_at
            and (
                captures.modified_at < instants.next_set_at
                or instants.next_set_at is null
            )
        where
            captures.pipeline_id is distinct from instants.pipeline_id
            or captures.stage_id is distinct from instants.stage_id
            or captures.owner_id is distinct from instants.owner_id
            or captures.amount is distinct from instants.amount
            or (
                captures.currency is distinct from instants.currency
                and not coalesce(instants.is_currency_untold, false)
            )
    ),
    snapshots as (
        select
            connection,
            deal_id,
            set_at as valid_from_at,
            cast(0 as bigint) as snapshot_order,
            pipeline_id,
            stage_id,
            owner_id,
            amount,
            currency,
            close_at,
            set_at as modified_at
        from instants
        union all
        select
            connection,
            native_id as deal_id,
            modified_at as valid_from_at,
            {{ microseconds("captured_at") }} as snapshot_order,
            pipeline_id,
            stage_id,
            owner_id,
            amount,
            currency,
            close_at,
            modified_at
        from untold_captures
    ),
    snapshots_in_shared_shape as (
        select
            {{ record_key("deal", "snapshots.deal_id", "snapshots") }} as record_key,
            snapshots.connection,
            'deal' as record_type,
            valid_from_at,
            snapshot_order,
            {{
                stage_key(
                    "deal", "snapshots.pipeline_id", "snapshots.stage_id", "snapshots"
                )
            }} as stage_key,
            {{ pipeline_key("deal", "snapshots.pipeline_id", "snapshots") }}
            as pipeline_key,
            {{ record_key("employee", "snapshots.owner_id", "snapshots") }}
            as owner_key,
            snapshots.amount,
            snapshots.currency,
            cast(null as decimal(9, 6)) as probability,
            case
                when
                    snapshots.close_at
                    = {{ dbt.date_trunc("day", "snapshots.close_at") }}
                then cast(snapshots.close_at as date)
                else {{ local_date("snapshots.close_at", "reporting.time_zone") }}
            end as expected_close_date,
            modified_at
        from snapshots
        cross join {{ ref("int_reporting") }} as reporting
    )

select *
from snapshots_in_shared_shape
