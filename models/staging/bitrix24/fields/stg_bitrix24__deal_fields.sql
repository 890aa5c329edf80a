with fields as ({{ bitrix24_fields(source("bitrix24", "deal_fields")) }})
select *
from fields
