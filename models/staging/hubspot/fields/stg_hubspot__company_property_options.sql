with
    options as ({{ hubspot_property_options(source("hubspot", "company_properties")) }})
select *
from options
