-- A table: several rules ask for the same numbers.
{{ config(materialized="table") }}
with
    inland_numbers as (select * from {{ ref("int_phone_inland_numbers") }}),
    regions as (select * from {{ ref("phone_regions") }}),
    prefixes as (select * from {{ ref("int_phone_prefixes") }}),
    bare as (
        select
            inland_numbers.*,
            regions.length_verdicts,
            regions.number_starts,
            {{
                without_phone_prefix(
                    "inland_numbers.inland_number",
                    "inland",
                    "regions.national_prefix",
                )
            }} as bare_number
        from inland_numbers
        left join regions on inland_numbers.number_region = regions.region
        left join
            prefixes as inland
            on inland.prefix_type = 'national'
            and {{
                has_phone_prefix(
                    "inland_numbers.number_region",
                    "inland_numbers.inland_number",
                    "inland",
                )
            }}
    ),
    without_prefix as (
        select
            bare.*,
            {{ number_within_region("inland_number", "bare_number", "number_starts") }}
            as number_without_prefix
        from bare
    ),
    -- What is too short without its prefix has none.
    significant as (
        select
            region,
            number_text,
            calling_code,
            main_region,
            is_untold,
            case
                when
                    {{
                        phone_length_verdict(
                            "number_without_prefix", "length_verdicts"
                        )
                    }} in ('P', 'T')
                then number_without_prefix
                else inland_number
            end as significant_number
        from without_prefix
    ),
    judged as (
        select
            significant.*,
            coalesce(
                {{
                    phone_length_verdict(
                        "significant.significant_number",
                        "main_regions.length_verdicts",
                    )
                }} in ('P', 'L'), false
            ) as is_possible,
            {{
                is_number_of_region(
                    "significant.significant_number", "main_regions.number_starts"
                )
            }} as is_of_region
        from significant
        left join
            regions as main_regions on significant.main_region = main_regions.region
    ),
    phone_numbers as (
        select
            region,
            number_text,
            case when not is_untold then is_possible end as is_possible,
            is_possible and is_of_region as is_of_region,
            case
                when is_possible then '+' || calling_code || significant_number
            end as e164_phone
        from judged
    )

select *
from phone_numbers
