with options as ({{ bitrix24_field_options(source("bitrix24", "deal_fields")) }})
select *
from options
