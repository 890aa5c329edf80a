with
    deals as (select * from {{ ref("fct_deal_conditions") }}),
    flagged as (
        select
            deals.record_key,
            deals.connection,
            deals.owner_key,
            'neither contact nor company' as detected_value,
            deals.open_amount as money_at_risk
        from deals
        where not deals.has_client
    ),
    findings as ({{ rule_findings("deal_without_client", "deal", "flagged") }})

select *
from findings
