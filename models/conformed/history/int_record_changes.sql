with record_changes as ({{ union_of_crms("record_changes") }})

select *
from record_changes
