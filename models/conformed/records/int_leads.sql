with leads as ({{ union_of_crms("leads") }}) select * from leads
