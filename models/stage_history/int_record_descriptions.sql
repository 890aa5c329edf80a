-- A table: every fact of deals and leads is described by it.
{{ config(materialized="table") }}
with
    origins as (select * from {{ ref("int_record_origins") }}),
    clients as (select * from {{ ref("int_record_clients") }} where is_client),
    repeat_records as (select * from {{ ref("int_repeat_records") }}),
    channels as (select * from {{ ref("int_record_channels") }}),
    sources as (select * from {{ ref("int_sources") }}),
    connections as (select * from {{ ref("int_connections") }}),
    losses as (select * from {{ ref("int_deal_losses") }}),
    descriptions as (
        select
            origins.record_key,
            origins.connection,
            origins.record_type,
            origins.lead_key,
            clients.client_key,
            clients.client_name,
            origins.source_key,
            sources.source_name,
            channels.channel,
            origins.utm_source,
            origins.utm_medium,
            origins.utm_campaign,
            origins.utm_content,
            origins.utm_term,
            coalesce(
                case
                    when connections.repeat_option = 'crm'
                    then origins.is_repeat_in_crm
                    else repeat_records.is_repeat
                end,
                false
            ) as is_repeat,
            origins.is_repeat_in_crm,
            losses.loss_reason,
            losses.competitor,
            losses.from_stage_key,
            losses.from_stage_name
        from origins
        left join clients on origins.record_key = clients.record_key
        left join repeat_records on origins.record_key = repeat_records.record_key
        left join channels on origins.record_key = channels.record_key
        left join sources on origins.source_key = sources.source_key
        left join losses on origins.record_key = losses.record_key
        left join connections on origins.connection = connections.connection
    )

select *
from descriptions
