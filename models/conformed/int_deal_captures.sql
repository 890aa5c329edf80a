with deal_captures as ({{ union_of_crms("deal_captures") }}) select * from deal_captures
