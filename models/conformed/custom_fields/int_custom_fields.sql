with custom_fields as ({{ union_of_crms("custom_fields") }}) select * from custom_fields
