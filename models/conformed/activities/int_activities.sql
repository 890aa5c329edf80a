with activities as ({{ union_of_crms("activities") }}) select * from activities
