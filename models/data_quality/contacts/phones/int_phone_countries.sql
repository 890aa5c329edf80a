-- What may stand before a number: a plus, the digits that begin a call abroad, or the
-- calling code of its own region.
with
    regions as (select * from {{ ref("phone_regions") }}),
    prefixes as (select * from {{ ref("int_phone_prefixes") }}),
    numbers as (
        select
            phones.region,
            phones.number_text,
            phones.has_plus,
            phones.digits,
            regions.calling_code as home_code,
            regions.national_prefix,
            regions.length_verdicts,
            regions.number_starts,
            -- Most of the world dials 00 to call abroad.
            case
                when phones.region = '' then '00' else regions.international_prefix
            end as plain_prefix_abroad
        from {{ ref("int_phone_digits") }} as phones
        left join regions on phones.region = regions.region
    ),
    begun as (
        select
            numbers.*,
            case
                when numbers.has_plus and substr(numbers.digits, 1, 1) <> '0'
                then numbers.digits
                else
                    nullif(
                        {{
                            without_phone_prefix(
                                "numbers.digits",
                                "international",
                                "numbers.plain_prefix_abroad",
                            )
                        }},
                        numbers.digits
                    )
            end as dialled_abroad,
            case
                when
                    not numbers.has_plus
                    and substr(numbers.digits, 1, length(numbers.home_code))
                    = numbers.home_code
                then substr(numbers.digits, length(numbers.home_code) + 1)
            end as after_home_code
        from numbers
        left join
            prefixes as international
            on international.prefix_type = 'international'
            and
            {{ has_phone_prefix("numbers.region", "numbers.digits", "international") }}
    ),
    ways as (
        select
            begun.region,
            begun.number_text,
            begun.has_plus,
            begun.digits,
            begun.home_code,
            begun.length_verdicts,
            begun.number_starts,
            begun.after_home_code,
            {{
                without_phone_prefix(
                    "begun.after_home_code", "inland", "begun.national_prefix"
                )
            }} as after_home_code_and_prefix,
            -- No calling code begins with a zero.
            case
                when substr(begun.dialled_abroad, 1, 1) <> '0' then begun.dialled_abroad
            end as number_abroad
        from begun
        left join
            prefixes as inland
            on inland.prefix_type = 'national'
            and {{ has_phone_prefix("begun.region", "begun.after_home_code", "inland") }}
    ),
    home_codes_told as (
        select
            ways.region,
            ways.number_text,
            ways.has_plus,
            ways.digits,
            ways.home_code,
            ways.length_verdicts,
            ways.number_starts,
            ways.number_abroad,
            {{
                number_within_region(
                    "ways.after_home_code",
                    "ways.after_home_code_and_prefix",
                    "ways.number_starts",
                )
            }} as home_number
        from ways
    )

select *
from home_codes_told
