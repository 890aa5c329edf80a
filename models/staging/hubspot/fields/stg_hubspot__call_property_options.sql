with options as ({{ hubspot_property_options(source("hubspot", "call_properties")) }})
select *
from options
