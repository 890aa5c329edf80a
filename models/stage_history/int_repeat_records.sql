-- A table: it looks through all stays and all links. Judged at creation: what the
-- client did later does not matter.
{{ config(materialized="table") }}
with
    records as (
        select record_key, connection, record_type, created_at, is_deleted
        from {{ ref("int_staged_records") }}
        where not is_template
    ),
    record_clients as (select * from {{ ref("int_record_clients") }}),
    first_wins as (
        select
            visits.record_key,
            min(
                greatest(
                    coalesce(visits.moved_in_at, visits.entered_at), records.created_at
                )
            ) as won_at
        from {{ ref("int_stage_visits") }} as visits
        inner join records on visits.record_key = records.record_key
        inner join
            {{ ref("int_stages") }} as stages
            on visits.stage_key = stages.stage_key
            and stages.stage_kind = 'won'
        where records.record_type = 'deal'
        group by visits.record_key
    ),
    -- Any link counts for who was there before, also that of a person whose company
    -- stands before him; what was deleted makes nobody a returning client.
    earliest_business as (
        select
            record_clients.client_key,
            min(records.created_at) as first_record_at,
            min(first_wins.won_at) as first_won_at
        from record_clients
        inner join
            records
            on record_clients.record_key = records.record_key
            and not records.is_deleted
        left join first_wins on records.record_key = first_wins.record_key
        group by record_clients.client_key
    ),
    repeat_records as (
        select
            records.record_key,
            records.connection,
            records.record_type,
            max(
                case
                    when
                        records.record_type = 'lead'
                        and earliest_business.first_record_at < records.created_at
                    then 1
                    when
                        records.record_type = 'deal'
                        and earliest_business.first_won_at < records.created_at
                    then 1
                    else 0
                end
            )
            = 1 as is_repeat
        from records
        inner join
            record_clients
            on records.record_key = record_clients.record_key
            and record_clients.is_shared_client
        inner join
            earliest_business
            on record_clients.client_key = earliest_business.client_key
        group by records.record_key, records.connection, records.record_type
    )

select *
from repeat_records
