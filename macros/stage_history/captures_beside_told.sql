{# Older versions and told entries on one line of time, each with the stage told last. #}
{% macro captures_beside_told(told, captures) -%}
    select
        *,
        {{ last_known("case when not is_capture then stage_key end") }} over (
            partition by record_key
            order by at_time, is_capture, source_rank, order_within
            rows between unbounded preceding and current row
        ) as told_stage_key
    from ({{ line_of_time(told, captures) }}) as line_of_time
{%- endmacro %}

{# Records that were read once have no older version and are left out. #}
{% macro line_of_time(told, captures) -%}
    select
        record_key,
        pipeline_key,
        stage_key,
        modified_at as at_time,
        moved_at,
        2 as source_rank,
        capture_order as order_within,
        true as is_capture
    from {{ captures }}
    where not is_newest
    union all
    select
        record_key,
        pipeline_key,
        stage_key,
        entered_at as at_time,
        entered_at as moved_at,
        source_rank,
        event_order as order_within,
        false as is_capture
    from {{ told }}
    where record_key in (select record_key from {{ captures }} where not is_newest)
{%- endmacro %}
