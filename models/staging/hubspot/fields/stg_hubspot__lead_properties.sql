with properties as ({{ hubspot_properties(source("hubspot", "lead_properties")) }})
select *
from properties
