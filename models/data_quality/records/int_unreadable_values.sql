with unreadable_values as ({{ union_of_crms("unreadable_values") }})

select *
from unreadable_values
