with departments as ({{ union_of_crms("departments") }}) select * from departments
