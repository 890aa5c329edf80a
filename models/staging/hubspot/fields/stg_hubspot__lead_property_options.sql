with options as ({{ hubspot_property_options(source("hubspot", "lead_properties")) }})
select *
from options
