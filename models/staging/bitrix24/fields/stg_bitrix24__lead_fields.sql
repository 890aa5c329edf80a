with fields as ({{ bitrix24_fields(source("bitrix24", "lead_fields")) }})
select *
from fields
