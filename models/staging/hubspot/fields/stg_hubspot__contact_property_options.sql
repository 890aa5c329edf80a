with
    options as ({{ hubspot_property_options(source("hubspot", "contact_properties")) }})
select *
from options
