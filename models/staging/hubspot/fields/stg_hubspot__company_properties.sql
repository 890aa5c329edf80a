with properties as ({{ hubspot_properties(source("hubspot", "company_properties")) }})
select *
from properties
