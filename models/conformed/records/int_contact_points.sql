with contact_points as ({{ union_of_crms("contact_points") }})

select *
from contact_points
