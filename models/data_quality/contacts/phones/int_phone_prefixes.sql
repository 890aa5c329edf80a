with
    phone_prefixes as (select * from {{ ref("phone_prefixes") }}),
    prefixes as (
        select
            prefix_type,
            region,
            leading_digits,
            substr(leading_digits, 1, 1) as first_digit,
            cast(shortest as bigint) as shortest,
            cast(longest as bigint) as longest,
            cast(dropped_digits as bigint) as dropped_digits,
            cast(kept_from as bigint) as kept_from,
            cast(kept_digits as bigint) as kept_digits,
            inserted_digits
        from phone_prefixes
    )

select *
from prefixes
