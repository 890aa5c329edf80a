-- A deal is there from its creation, or from being restored, until it is deleted.
with
    -- What was merged into another deal stands in the past as that one does.
    deals as (
        select *
        from {{ ref("int_deals") }}
        where not is_template and merged_into_key is null
    ),
    absences as (
        select
            deals.deal_key as record_key,
            greatest(absences.absent_from_at, deals.created_at) as absent_from_at,
            absences.absent_to_at
        from {{ ref("int_deal_absences") }} as absences
        inner join deals on absences.record_key = deals.deal_key
    ),
    appearances as (
        select deal_key as record_key, created_at as present_from_at
        from deals
        union all
        select record_key, absent_to_at as present_from_at
        from absences
        where absent_to_at is not null
    ),
    presences as (
        select
            appearances.record_key,
            appearances.present_from_at,
            coalesce(
                min(absences.absent_from_at), cast('9999-12-31' as timestamp)
            ) as present_to_at
        from appearances
        left join
            absences
            on appearances.record_key = absences.record_key
            and absences.absent_from_at >= appearances.present_from_at
        group by appearances.record_key, appearances.present_from_at
    )

select *
from presences
