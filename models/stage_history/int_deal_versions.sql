{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key="record_key",
        on_schema_change="fail",
    )
}}
-- Incremental: working out versions sorts the whole history. Replaced by deal, for a
-- history can shrink.
with
    changed as ({{ changed_records("deal") }}),
    deals as (
        select
            deals.deal_key,
            deals.connection,
            deals.record_type,
            deals.owner_key,
            deals.amount,
            deals.currency,
            deals.expected_close_date,
            changed.record_load_id,
            changed.history_load_id
        from {{ ref("int_deals") }} as deals
        inner join changed on deals.deal_key = changed.record_key
    ),
    states as (
        -- Before the first known state: the present one carried back.
        select
            deal_key as record_key,
            cast('1900-01-01' as timestamp) as valid_from_at,
            cast(0 as bigint) as snapshot_order,
            owner_key,
            amount,
            currency,
            expected_close_date,
            -- What the chance was is not carried back: the stage of then has its own.
            cast(null as decimal(9, 6)) as probability
        from deals
        union all
        select
            snapshots.record_key,
            snapshots.valid_from_at,
            snapshots.snapshot_order,
            snapshots.owner_key,
            snapshots.amount,
            snapshots.currency,
            snapshots.expected_close_date,
            snapshots.probability
        from {{ ref("int_deal_snapshots") }} as snapshots
        {% if is_incremental() -%}
            inner join changed on snapshots.record_key = changed.record_key
        {%- endif %}
    ),
    spans as (
        select
            *,
            row_number() over in_order - 1 as version_number,
            coalesce(
                lead(valid_from_at) over in_order, cast('9999-12-31' as timestamp)
            ) as valid_to_at
        from states
        window
            in_order as (partition by record_key order by valid_from_at, snapshot_order)
    ),
    versions as (
        select
            spans.record_key,
            deals.connection,
            deals.record_type,
            spans.version_number,
            spans.valid_from_at,
            spans.valid_to_at,
            spans.owner_key,
            spans.version_number = 0 as is_owner_carried_back,
            spans.amount,
            spans.currency,
            spans.expected_close_date,
            spans.probability,
            spans.version_number = 0 as is_amount_carried_back,
            deals.record_load_id,
            deals.history_load_id
        from spans
        inner join deals on spans.record_key = deals.deal_key
        -- Of several states of one instant the last counts.
        where spans.valid_from_at < spans.valid_to_at
    )

select *
from versions
