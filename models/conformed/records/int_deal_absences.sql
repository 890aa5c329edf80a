with deal_absences as ({{ union_of_crms("deal_absences") }}) select * from deal_absences
