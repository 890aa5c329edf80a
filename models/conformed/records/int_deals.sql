with deals as ({{ union_of_crms("deals") }}) select * from deals
