{# Stages as they were set, with the instant and number at which their pipeline is looked up. A move to another
   pipeline may be stamped a moment after its stage; that stage is its own unless it came with a pipeline of its own,
   or another stage comes with the next one. #}
{% macro hubspot_placed_stages(history, record) -%}
    select
        *,
        case when is_with_next_pipeline then set_next_at else set_at end as placed_at,
        case
            when is_with_next_pipeline then next_entry_number else entry_number
        end as placed_number
    from
        (
            select
                *,
                is_pipeline_next
                and set_next_at <= set_at + interval 2 second
                and not coalesce(is_pipeline_before and set_before_at = set_at, false)
                and not coalesce(
                    not is_pipeline_after_next
                    and set_after_next_at <= set_next_at + interval 2 second,
                    false
                ) as is_with_next_pipeline
            from ({{ hubspot_neighbours_in_history(history, record) }}) as in_order
            where not is_pipeline
        ) as stages
{%- endmacro %}

{% macro hubspot_neighbours_in_history(history, record) -%}
    select
        *,
        lag(set_at) over in_order as set_before_at,
        lag(is_pipeline) over in_order as is_pipeline_before,
        lead(set_at) over in_order as set_next_at,
        lead(entry_number) over in_order as next_entry_number,
        lead(is_pipeline) over in_order as is_pipeline_next,
        lead(set_at, 2) over in_order as set_after_next_at,
        lead(is_pipeline, 2) over in_order as is_pipeline_after_next
    from {{ history }}
    window
        in_order as (
            partition by {{ record | join(", ") }}
            order by set_at, entry_number, is_pipeline desc
        )
{%- endmacro %}
