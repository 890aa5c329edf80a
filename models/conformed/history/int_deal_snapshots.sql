with deal_snapshots as ({{ union_of_crms("deal_snapshots") }})

select *
from deal_snapshots
