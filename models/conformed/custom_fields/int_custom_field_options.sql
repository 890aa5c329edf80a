with custom_field_options as ({{ union_of_crms("custom_field_options") }})

select *
from custom_field_options
