with activity_bindings as ({{ union_of_crms("activity_bindings") }})

select *
from activity_bindings
