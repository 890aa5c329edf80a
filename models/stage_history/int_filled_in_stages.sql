with
    visited_stages as (
        select visited_stages.*
        from {{ ref("int_visited_stages") }} as visited_stages
        inner join
            {{ ref("int_record_outcomes") }} as outcomes
            on visited_stages.record_key = outcomes.record_key
            and outcomes.status <> 'lost'
    ),
    filled_in_stages as ({{ filled_in_stages("visited_stages", "record_key") }})

select *
from filled_in_stages
