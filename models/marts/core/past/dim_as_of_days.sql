with as_of_days as (select * from {{ ref("int_as_of_days") }}) select * from as_of_days
