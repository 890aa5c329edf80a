with currency_rates as ({{ union_of_crms("currency_rates") }})

select *
from currency_rates
