-- Where a state of a deal ends, another begins, or both, and the open pipeline changes
-- by it.
with
    states as (
        select
            *,
            row_number() over in_order as state_number,
            lag(valid_to_at) over in_order as last_valid_to_at,
            lead(valid_from_at) over in_order as next_valid_from_at,
            {% for column in [
                "stage_kind",
                "pipeline_key",
                "employee_key",
                "amount",
                "currency",
                "is_amount_carried_back",
            ] -%}
                lag({{ column }}) over in_order as last_{{ column }}
                {{- "," if not loop.last }}
            {% endfor %}
        from {{ ref("int_deal_states") }}
        window
            in_order as (partition by record_key order by valid_from_at, visit_number)
    ),
    steps as (
        select
            record_key,
            connection,
            first_date as moved_date,
            state_number = 1 as is_first,
            case
                when last_valid_to_at = valid_from_at then last_stage_kind else 'none'
            end as from_kind,
            last_pipeline_key as from_pipeline_key,
            last_employee_key as from_employee_key,
            last_amount as from_amount,
            last_currency as from_currency,
            stage_kind as to_kind,
            pipeline_key as to_pipeline_key,
            employee_key as to_employee_key,
            amount as to_amount,
            currency as to_currency,
            is_amount_carried_back,
            -- What was carried back was never worth that: the first known amount is
            -- no change of it.
            last_is_amount_carried_back
            and not is_amount_carried_back as is_amount_first_known
        from states
        union all
        select
            record_key,
            connection,
            {{ day_before("last_date", -1) }} as moved_date,
            false as is_first,
            stage_kind as from_kind,
            pipeline_key as from_pipeline_key,
            employee_key as from_employee_key,
            amount as from_amount,
            currency as from_currency,
            'none' as to_kind,
            cast(null as varchar) as to_pipeline_key,
            cast(null as varchar) as to_employee_key,
            amount as to_amount,
            currency as to_currency,
            is_amount_carried_back,
            false as is_amount_first_known
        from states
        where
            valid_to_at is not null and next_valid_from_at is distinct from valid_to_at
    ),
    steps_placed as (
        select
            *,
            from_kind = 'open'
            and to_kind = 'open'
            and from_pipeline_key = to_pipeline_key
            and from_employee_key is not distinct from to_employee_key as is_in_place
        from steps
        where from_kind = 'open' or to_kind = 'open'
    )

select *
from steps_placed
-- A move from stage to stage leaves the deal in its place, and its amount as it is.
where
    not is_in_place
    or from_amount is distinct from to_amount
    or from_currency is distinct from to_currency
