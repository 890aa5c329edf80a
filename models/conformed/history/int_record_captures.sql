with record_captures as ({{ union_of_crms("record_captures") }})

select *
from record_captures
