-- Of deals that have not changed since the end of that day; what is in no stage has
-- no past.
with
    last_days as (select as_of_date from {{ ref("dim_as_of_days") }} where is_last_day),
    open_then as (
        select states.record_key
        from {{ ref("fct_deal_states") }} as states
        inner join
            last_days
            on last_days.as_of_date >= states.first_date
            and last_days.as_of_date <= states.last_date
    ),
    open_now as (
        select record_key
        from {{ ref("fct_deals") }}
        where open_count = 1 and stage_key is not null
    ),
    changed_since as (
        select states.record_key
        from {{ ref("int_deal_states") }} as states
        inner join
            last_days
            on states.first_date > last_days.as_of_date
            or (
                states.last_date >= last_days.as_of_date
                and states.valid_to_at is not null
            )
    ),
    differing as (
        (
            select *
            from open_then
            except
            select *
            from open_now
        )
        union all
        (
            select *
            from open_now
            except
            select *
            from open_then
        )
    )

select differing.*
from differing
where record_key not in (select record_key from changed_since)
