-- What the versions of a deal said before and after. The first that is known is no
-- change, for nobody knows what was before.
with
    versions as (select * from {{ ref("int_deal_versions") }}),
    base_currencies as (
        select connection, max(base_currency) as currency
        from {{ ref("int_currency_rates") }}
        group by connection
    ),
    versions_after_others as (
        select
            versions.record_key,
            versions.version_number,
            versions.valid_from_at,
            versions.owner_key,
            versions.amount,
            coalesce(versions.currency, base_currencies.currency) as currency,
            versions.expected_close_date,
            lag(versions.version_number) over in_order as last_version_number,
            lag(versions.owner_key) over in_order as last_owner_key,
            lag(versions.amount) over in_order as last_amount,
            lag(coalesce(versions.currency, base_currencies.currency)) over in_order
            as last_currency,
            lag(versions.expected_close_date) over in_order as last_expected_close_date
        from versions
        left join base_currencies on versions.connection = base_currencies.connection
        where not versions.is_amount_carried_back
        window
            in_order as (
                partition by versions.record_key order by versions.version_number
            )
    ),
    fields as (
        select 'amount' as field
        union all
        select 'expected_close_date' as field
        union all
        select 'owner' as field
    ),
    changed_fields as (
        select versions_after_others.*, fields.field
        from versions_after_others
        inner join
            fields
            on (
                fields.field = 'amount'
                and (
                    amount is distinct from last_amount
                    or (amount is not null and currency is distinct from last_currency)
                )
            )
            or (
                fields.field = 'expected_close_date'
                and expected_close_date is distinct from last_expected_close_date
            )
            or (fields.field = 'owner' and owner_key is distinct from last_owner_key)
        where last_version_number is not null
    ),
    changes as (
        select
            record_key,
            field,
            version_number as change_number,
            valid_from_at as changed_at,
            case when field = 'owner' then last_owner_key end as old_key,
            case when field = 'owner' then owner_key end as new_key,
            case when field = 'amount' then last_amount end as old_amount,
            case when field = 'amount' then last_currency end as old_currency,
            case when field = 'amount' then amount end as new_amount,
            case when field = 'amount' then currency end as new_currency,
            case
                when field = 'expected_close_date' then last_expected_close_date
            end as old_date,
            case
                when field = 'expected_close_date' then expected_close_date
            end as new_date,
            owner_key as employee_key
        from changed_fields
    )

select *
from changes
