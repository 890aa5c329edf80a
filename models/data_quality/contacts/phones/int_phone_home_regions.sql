-- The rule's parameter is the phone_region of the connection unless rules.yml says
-- another.
with
    parameters as (select * from {{ ref("int_rule_parameters") }}),
    home_regions as (
        select connection, upper(trim(value_text)) as region
        from parameters
        where rule_id = 'contact_phone_malformed' and parameter = 'region'
    )

select *
from home_regions
