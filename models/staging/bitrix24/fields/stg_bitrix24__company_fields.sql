with fields as ({{ bitrix24_fields(source("bitrix24", "company_fields")) }})
select *
from fields
