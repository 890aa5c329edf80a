-- One of the three ways counts; a number that neither tells nor has a region cannot
-- be told.
with
    ways as (select * from {{ ref("int_phone_countries") }}),
    calling_codes as (
        select calling_code, region
        from {{ ref("phone_regions") }}
        where region = main_region
    ),
    -- None is the beginning of another.
    coded as (
        select
            ways.*,
            coalesce(
                one_digit.region, two_digits.region, three_digits.region
            ) as region_abroad,
            coalesce(
                one_digit.calling_code,
                two_digits.calling_code,
                three_digits.calling_code
            ) as code_abroad,
            case
                when ways.home_number is null
                then false
                when
                    {{ phone_length_verdict("ways.digits", "ways.length_verdicts") }}
                    = 'T'
                then true
                when {{ is_number_of_region("ways.digits", "ways.number_starts") }}
                then false
                else {{ is_number_of_region("ways.home_number", "ways.number_starts") }}
            end as has_home_code
        from ways
        left join
            calling_codes as one_digit
            on substr(ways.number_abroad, 1, 1) = one_digit.calling_code
        left join
            calling_codes as two_digits
            on substr(ways.number_abroad, 1, 2) = two_digits.calling_code
        left join
            calling_codes as three_digits
            on substr(ways.number_abroad, 1, 3) = three_digits.calling_code
    ),
    home_regions as (
        select coded.*, calling_codes.region as main_home_region
        from coded
        left join calling_codes on coded.home_code = calling_codes.calling_code
    ),
    inland_numbers as (
        select
            region,
            number_text,
            case
                when number_abroad is not null
                then code_abroad
                when not has_plus
                then home_code
            end as calling_code,
            case
                when number_abroad is not null then region_abroad else main_home_region
            end as main_region,
            case
                when number_abroad is not null
                then region_abroad
                when has_home_code
                then main_home_region
                else region
            end as number_region,
            case
                when number_abroad is not null
                then substr(number_abroad, length(code_abroad) + 1)
                when has_plus
                then null
                when has_home_code
                then home_number
                else digits
            end as inland_number,
            -- Fewer or more digits are a number nowhere.
            home_code is null
            and number_abroad is null
            and not has_plus
            and coalesce(length(digits) between 5 and 17, false) as is_untold
        from home_regions
    )

select *
from inland_numbers
