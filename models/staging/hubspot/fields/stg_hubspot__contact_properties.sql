with properties as ({{ hubspot_properties(source("hubspot", "contact_properties")) }})
select *
from properties
