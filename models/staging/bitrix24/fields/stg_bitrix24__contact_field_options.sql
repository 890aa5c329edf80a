with options as ({{ bitrix24_field_options(source("bitrix24", "contact_fields")) }})
select *
from options
