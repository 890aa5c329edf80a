-- A table: small, and joined by every amount.
{{ config(materialized="table") }}
with
    intervals as (select * from {{ ref("int_currency_intervals") }}),
    reporting as (select * from {{ ref("int_reporting") }}),
    known as (select distinct connection, currency, base_currency from intervals),
    -- The connection whose rates lead from a base to the reporting currency: itself,
    -- or the first that can.
    bridges as (
        select
            known.connection,
            known.base_currency,
            coalesce(
                max(
                    case when via.connection = known.connection then via.connection end
                ),
                min(via.connection)
            ) as via_connection
        from (select distinct connection, base_currency from known) as known
        inner join known as via_base on known.base_currency = via_base.currency
        inner join known as via on via_base.connection = via.connection
        inner join reporting on via.currency = reporting.currency
        group by known.connection, known.base_currency
    ),
    converted as (
        select
            intervals.connection,
            intervals.currency,
            greatest(
                intervals.valid_from_date,
                bases.valid_from_date,
                targets.valid_from_date
            ) as valid_from_date,
            least(
                intervals.valid_to_date, bases.valid_to_date, targets.valid_to_date
            ) as valid_to_date,
            {{
                ratio(
                    "intervals.rate_to_base",
                    "bases.rate_to_base",
                    "targets.rate_to_base",
                )
            }} as rate,
            intervals.is_rate_estimated
            or bases.is_rate_estimated
            or targets.is_rate_estimated as is_rate_estimated
        from intervals
        cross join reporting
        inner join bridges on intervals.connection = bridges.connection
        inner join
            intervals as bases
            on bridges.via_connection = bases.connection
            and bridges.base_currency = bases.currency
            and intervals.valid_from_date < bases.valid_to_date
            and intervals.valid_to_date > bases.valid_from_date
        inner join
            intervals as targets
            on bridges.via_connection = targets.connection
            and reporting.currency = targets.currency
            and intervals.valid_from_date < targets.valid_to_date
            and intervals.valid_to_date > targets.valid_from_date
            and bases.valid_from_date < targets.valid_to_date
            and bases.valid_to_date > targets.valid_from_date
        where intervals.currency <> reporting.currency
    ),
    connections as (
        select connection
        from {{ ref("int_connections") }}
        union
        select connection
        from known
    ),
    exchange_rates as (
        select
            connection,
            currency,
            valid_from_date,
            nullif(valid_to_date, cast('9999-12-31' as date)) as valid_to_date,
            rate,
            is_rate_estimated
        from converted
        where rate is not null
        union all
        select
            connections.connection,
            reporting.currency,
            cast('1900-01-01' as date) as valid_from_date,
            cast(null as date) as valid_to_date,
            cast(1 as decimal(20, 10)) as rate,
            false as is_rate_estimated
        from connections
        cross join reporting
    )

select *
from exchange_rates
