-- A table: it reads all stays of all records, and several facts read it.
{{ config(materialized="table") }}
with
    records as (select * from {{ ref("int_staged_records") }} where not is_template),
    stages as (select * from {{ ref("int_stages") }}),
    visits as (select * from {{ ref("int_stage_visits") }}),
    connections as (select * from {{ ref("int_connections") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    rate_days as (select * from {{ ref("int_rate_days") }}),
    statuses as (
        select
            records.*,
            -- Without any stage nothing has become of it yet.
            case
                when stages.stage_key is null
                then 'open'
                else coalesce(records.status_in_crm, stages.stage_kind)
            end as status
        from records
        left join stages on records.stage_key = stages.stage_key
    ),
    -- The unbroken run of stays of the present closed kind begins after the last stay
    -- of another kind. The present stage counts as of that kind, whatever it means by
    -- now.
    last_other_visits as (
        select
            statuses.record_key,
            coalesce(
                max(
                    case
                        when
                            stages.stage_kind <> statuses.status
                            and visits.stage_key <> statuses.stage_key
                        then visits.visit_number
                    end
                ),
                0
            ) as visit_number
        from statuses
        inner join visits on statuses.record_key = visits.record_key
        inner join stages on visits.stage_key = stages.stage_key
        where statuses.status <> 'open'
        group by statuses.record_key
    ),
    closings as (
        select
            last_other_visits.record_key,
            coalesce(visits.moved_in_at, visits.entered_at) as entered_at,
            visits.moved_in_at is null
            and (
                visits.visit_number = 1
                or visits.entry_source in ('inferred_creation', 'inferred_current')
            ) as is_inferred
        from last_other_visits
        inner join
            visits
            on last_other_visits.record_key = visits.record_key
            and visits.visit_number = last_other_visits.visit_number + 1
    ),
    chosen as (
        select
            statuses.*,
            closings.entered_at,
            case
                when closings.record_key is null
                then null
                when
                    statuses.crm_closed_at <= statuses.captured_at
                    and (
                        closings.is_inferred
                        or connections.closing_date_option = 'crm_field'
                    )
                then 'crm_field'
                when closings.is_inferred
                then 'inferred'
                else 'history'
            end as closed_at_source
        from statuses
        left join closings on statuses.record_key = closings.record_key
        left join connections on statuses.connection = connections.connection
    ),
    dated as (
        select
            *,
            case
                closed_at_source when 'crm_field' then crm_closed_at else entered_at
            end as closed_at
        from chosen
    ),
    outcomes as (
        select
            dated.record_key,
            dated.connection,
            dated.record_type,
            dated.status,
            dated.closed_at,
            {{ local_date("dated.closed_at", "reporting.time_zone") }} as closed_date,
            dated.closed_at_source
        from dated
        cross join reporting
    ),
    -- Rates stand still outside the days of their table.
    outcomes_with_rate_days as (
        select
            outcomes.*,
            greatest(
                least(
                    coalesce(outcomes.closed_date, rate_days.last_date),
                    rate_days.last_date
                ),
                rate_days.first_date
            ) as rate_date
        from outcomes
        cross join rate_days
    )

select *
from outcomes_with_rate_days
