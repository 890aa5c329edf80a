-- The phone_region of the connection unless the rule about malformed numbers names
-- another.
with
    connections as (select * from {{ ref("int_connections") }}),
    parameters as (
        select connection, value_text as region
        from {{ ref("int_rule_parameters") }}
        where rule_id = 'contact_phone_malformed' and parameter = 'region'
    ),
    home_regions as (
        select
            connections.connection,
            upper(trim(coalesce(parameters.region, connections.phone_region))) as region
        from connections
        left join parameters on connections.connection = parameters.connection
        where coalesce(parameters.region, connections.phone_region) is not null
    )

select *
from home_regions
