with
    stored as ({{ union_of_crms("custom_field_values") }}),
    fields as (select * from {{ ref("int_custom_fields") }}),
    options as (select * from {{ ref("int_custom_field_options") }}),
    connections as (select * from {{ ref("int_connections") }}),
    typed as (
        select
            stored.record_key
            || ':'
            || stored.field_code
            || ':'
            || cast(stored.position as varchar) as custom_field_value_key,
            stored.custom_field_key,
            stored.record_key,
            stored.connection,
            stored.record_type,
            stored.field_code,
            stored.position,
            stored.value_text,
            coalesce(options.option_label, stored.value_words) as value_label,
            case
                when fields.field_type in ('number', 'money')
                then
                    cast(
                        try_cast(stored.number_text as decimal(21, 6)) as decimal(28, 6)
                    )
            end as value_number,
            -- A day that somebody typed is taken as it is written, whatever time
            -- comes with it.
            case
                when fields.field_type = 'date'
                then
                    coalesce(
                        try_cast(substr(stored.value_text, 1, 10) as date),
                        cast({{ utc_timestamp("stored.value_text") }} as date)
                    )
            end as value_date,
            case
                when fields.field_type = 'datetime'
                then
                    {{
                        utc_timestamp(
                            "stored.value_text",
                            "coalesce(connections.time_zone, 'UTC')",
                        )
                    }}
            end as value_at,
            case
                when fields.field_type <> 'boolean'
                then null
                when lower(stored.value_text) in ('y', 'true', '1')
                then true
                when lower(stored.value_text) in ('n', 'false', '0')
                then false
            end as value_boolean
        from stored
        inner join fields on stored.custom_field_key = fields.custom_field_key
        left join
            options
            on stored.custom_field_key = options.custom_field_key
            and stored.value_text = options.option_code
        left join connections on stored.connection = connections.connection
    )

select *
from typed
