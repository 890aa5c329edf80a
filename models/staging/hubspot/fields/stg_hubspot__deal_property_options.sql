with options as ({{ hubspot_property_options(source("hubspot", "deal_properties")) }})
select *
from options
