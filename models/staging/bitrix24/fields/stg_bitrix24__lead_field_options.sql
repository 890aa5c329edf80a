with options as ({{ bitrix24_field_options(source("bitrix24", "lead_fields")) }})
select *
from options
