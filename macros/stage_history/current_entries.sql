{# The stage that the newest version is in, where it is not the one entered last. #}
{% macro current_entries(deals, known) -%}
    select
        deals.deal_key as record_key,
        deals.pipeline_key,
        deals.stage_key,
        greatest(
            coalesce(deals.moved_at, deals.modified_at), last_entries.entered_at
        ) as entered_at,
        'inferred_current' as entry_source,
        3 as source_rank,
        0 as event_order
    from {{ deals }}
    inner join
        (
            select
                *,
                row_number() over (
                    partition by record_key
                    order by entered_at desc, source_rank desc, event_order desc
                ) as last_rank
            from {{ known }}
        ) as last_entries
        on deals.deal_key = last_entries.record_key
        and last_entries.last_rank = 1
        and deals.stage_key <> last_entries.stage_key
{%- endmacro %}
