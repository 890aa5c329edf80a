with
    enabled_rules as (
        select connection, rule_id from {{ ref("int_rules") }} where is_enabled
    )

select *
from enabled_rules
