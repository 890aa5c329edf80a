with properties as ({{ hubspot_properties(source("hubspot", "deal_properties")) }})
select *
from properties
