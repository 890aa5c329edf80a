with contacts as ({{ union_of_crms("contacts") }}) select * from contacts
