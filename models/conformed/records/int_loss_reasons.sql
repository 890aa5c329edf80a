with
    connections as (select * from {{ ref("int_connections") }}),
    field_values as (
        select
            field_values.record_key,
            coalesce(
                field_values.field_code = connections.loss_reason_field, false
            ) as is_loss_reason,
            coalesce(
                field_values.field_code = connections.competitor_field, false
            ) as is_competitor,
            nullif(trim(field_values.value_label), '') as value_label,
            row_number() over (
                partition by field_values.record_key, field_values.field_code
                order by field_values.position
            ) as value_rank
        from {{ ref("int_custom_field_values") }} as field_values
        inner join
            connections
            on field_values.connection = connections.connection
            and field_values.field_code
            in (connections.loss_reason_field, connections.competitor_field)
        where
            field_values.record_type in ('deal', 'lead')
            and trim(field_values.value_label) <> ''
    ),
    told as (
        select
            record_key,
            max(case when is_loss_reason then value_label end) as loss_reason,
            max(case when is_competitor then value_label end) as competitor
        from field_values
        where value_rank = 1
        group by record_key
        union all
        -- The CRM's own field counts unless another one is named.
        select
            deals.deal_key as record_key,
            nullif(trim(deals.loss_reason_in_crm), '') as loss_reason,
            cast(null as varchar) as competitor
        from {{ ref("int_deals") }} as deals
        left join connections on deals.connection = connections.connection
        where
            deals.loss_reason_in_crm is not null
            and coalesce(connections.loss_reason_field, 'closed_lost_reason')
            = 'closed_lost_reason'
    ),
    loss_reasons as (
        select
            record_key, max(loss_reason) as loss_reason, max(competitor) as competitor
        from told
        where loss_reason is not null or competitor is not null
        group by record_key
    )

select *
from loss_reasons
