with fields as ({{ bitrix24_fields(source("bitrix24", "contact_fields")) }})
select *
from fields
