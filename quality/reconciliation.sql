-- The deals or leads of one connection: what the published warehouse holds beside what
-- its CRM shows now. Given are `census`, the records as the CRM shows them, and
-- `scope`, one row: the connection, the type of the records, the time up to which all
-- changes must have been read, the day from which on records are read at all, whether
-- they are worth something, and whether one whose stage was cleared stands where it
-- stood.
create or replace temporary table reconciled_records as
with
    merged_records as (select distinct unnest(merged_ids) as native_id from census),
    -- A list that changes while it is read may show a record twice.
    shown_records as (
        select
            census.native_id,
            scope.connection
            || ':'
            || scope.record_type
            || ':'
            || census.pipeline_id as pipeline_key,
            pipeline_key || ':' || census.stage_id as stage_key,
            scope.connection || ':employee:' || census.owner_id as owner_key,
            cast(
                try_cast(census.amount as decimal(21, 6)) as decimal(28, 6)
            ) as amount,
            upper(census.currency) as currency,
            census.modified_at
        from census
        cross join scope
        qualify
            row_number() over (
                partition by census.native_id order by census.modified_at desc
            )
            = 1
    ),
    published_records as (
        select
            connection,
            record_type,
            native_id,
            title,
            record_url,
            pipeline_key,
            stage_key,
            owner_key,
            amount,
            currency,
            created_at
        from marts.fct_deals
        union all
        select
            connection,
            record_type,
            native_id,
            title,
            record_url,
            pipeline_key,
            stage_key,
            owner_key,
            amount,
            currency,
            created_at
        from marts.fct_leads
    ),
    held_records as (
        select published_records.*
        from published_records
        inner join
            scope
            on published_records.connection = scope.connection
            and published_records.record_type = scope.record_type
    ),
    paired_records as (
        select
            coalesce(held_records.native_id, shown_records.native_id) as native_id,
            held_records.title,
            held_records.record_url,
            held_records.native_id is not null as is_held,
            shown_records.native_id is not null as is_shown,
            merged_records.native_id is not null as is_merged,
            shown_records.modified_at >= scope.settled_at as is_changed_since,
            held_records.pipeline_key as held_pipeline_key,
            held_records.stage_key as held_stage_key,
            held_records.owner_key as held_owner_key,
            case when scope.has_amounts then held_records.currency end as held_currency,
            held_records.amount as held_amount,
            shown_records.pipeline_key as shown_pipeline_key,
            case
                when shown_records.stage_key is null and scope.has_lasting_stages
                then held_records.stage_key
                else shown_records.stage_key
            end as shown_stage_key,
            shown_records.owner_key as shown_owner_key,
            -- Where the CRM names no currency, the warehouse filled in its base one.
            case
                when scope.has_amounts
                then coalesce(shown_records.currency, held_records.currency)
            end as shown_currency,
            shown_records.amount as shown_amount
        from held_records
        full outer join
            shown_records on held_records.native_id = shown_records.native_id
        left join merged_records on held_records.native_id = merged_records.native_id
        cross join scope
        where
            case
                -- Where stages last, a contact without any has never been a lead.
                when held_records.native_id is null
                then shown_records.stage_key is not null or not scope.has_lasting_stages
                when shown_records.native_id is null and scope.start_date is not null
                then held_records.created_at >= scope.start_date
                else true
            end
    ),
    compared_records as (
        select
            *,
            (held_pipeline_key, held_stage_key, held_owner_key, held_currency)
            is not distinct from
            (shown_pipeline_key, shown_stage_key, shown_owner_key, shown_currency)
            and held_amount is not distinct from shown_amount as is_equal
        from paired_records
    )

select
    *,
    case
        when is_held and is_shown and is_equal
        then 'equal'
        when not is_shown and is_merged
        then 'merged'
        when not is_shown
        then 'deleted since'
        when not is_held and is_changed_since
        then 'created since'
        when not is_held
        then 'unread'
        when is_changed_since
        then 'changed since'
        else 'differs'
    end as explanation
from compared_records
;

create or replace temporary view reconciled_counts as
select
    explanation,
    count(*) as record_count,
    count(*) filter (where is_held) as held_count,
    count(*) filter (where explanation = 'deleted since') as deleted_count,
    explanation in ('unread', 'differs') as is_defect
from reconciled_records
group by explanation
order by explanation <> 'equal', explanation
;

create or replace temporary view differing_records as
select native_id, title, explanation, record_url
from reconciled_records
where explanation <> 'equal'
order by explanation, native_id
;

create or replace temporary view differing_groups as
with
    sides as (
        select
            held_pipeline_key as pipeline_key,
            held_stage_key as stage_key,
            held_owner_key as owner_key,
            held_currency as currency,
            1 as held_count,
            coalesce(held_amount, 0) as held_amount,
            0 as shown_count,
            0 as shown_amount
        from reconciled_records
        where is_held
        union all
        select
            shown_pipeline_key,
            shown_stage_key,
            shown_owner_key,
            shown_currency,
            0,
            0,
            1,
            coalesce(shown_amount, 0)
        from reconciled_records
        where is_shown
    ),
    summed as (
        select
            pipeline_key,
            stage_key,
            owner_key,
            currency,
            sum(held_count) as held_count,
            sum(held_amount) as held_amount,
            sum(shown_count) as shown_count,
            sum(shown_amount) as shown_amount
        from sides
        group by pipeline_key, stage_key, owner_key, currency
        having
            sum(held_count) <> sum(shown_count)
            or sum(held_amount) <> sum(shown_amount)
    )

-- A pipeline, stage or owner that is newer than the warehouse has only its key.
select
    coalesce(dim_pipelines.pipeline_name, summed.pipeline_key) as pipeline_name,
    coalesce(dim_stages.stage_name, summed.stage_key) as stage_name,
    coalesce(dim_employees.employee_name, summed.owner_key) as owner_name,
    summed.currency,
    summed.held_count,
    summed.held_amount,
    summed.shown_count,
    summed.shown_amount
from summed
left join marts.dim_pipelines on summed.pipeline_key = dim_pipelines.pipeline_key
left join marts.dim_stages on summed.stage_key = dim_stages.stage_key
left join marts.dim_employees on summed.owner_key = dim_employees.employee_key
order by pipeline_name, dim_stages.position, stage_name, owner_name, summed.currency
;
