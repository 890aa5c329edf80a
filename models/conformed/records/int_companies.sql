with companies as ({{ union_of_crms("companies") }}) select * from companies
