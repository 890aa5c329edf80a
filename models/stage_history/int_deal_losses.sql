with
    losses as (
        select record_key from {{ ref("int_record_outcomes") }} where status = 'lost'
    ),
    deals as (select * from {{ ref("int_deals") }}),
    reasons as (select * from {{ ref("int_loss_reasons") }}),
    stages as (select * from {{ ref("int_stages") }}),
    connections as (select * from {{ ref("int_connections") }}),
    last_open_stages as (
        select record_key, stage_key
        from {{ ref("int_visited_stages") }}
        where last_open_count = 1
    ),
    explained as (
        select
            losses.record_key,
            deals.connection,
            -- Bitrix24 has no reasons of its own: where nobody named a field for them,
            -- the lost stage is the reason.
            case
                when
                    connections.loss_reason_field is null
                    and connections.crm = 'bitrix24'
                then lost_stages.stage_name
                else reasons.loss_reason
            end as loss_reason,
            reasons.competitor,
            last_open_stages.stage_key as from_stage_key,
            open_stages.stage_name as from_stage_name
        from losses
        inner join deals on losses.record_key = deals.deal_key
        left join reasons on losses.record_key = reasons.record_key
        left join connections on deals.connection = connections.connection
        left join stages as lost_stages on deals.stage_key = lost_stages.stage_key
        left join last_open_stages on losses.record_key = last_open_stages.record_key
        left join
            stages as open_stages on last_open_stages.stage_key = open_stages.stage_key
    )

select *
from explained
