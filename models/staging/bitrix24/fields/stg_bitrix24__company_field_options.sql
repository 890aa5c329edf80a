with options as ({{ bitrix24_field_options(source("bitrix24", "company_fields")) }})
select *
from options
