{# The stage that the newest version is in, where it is not the one entered last. #}
{% macro current_entries(records, known) -%}
    select
        records.record_key as record_key,
        records.pipeline_key,
        records.stage_key,
        greatest(
            coalesce(records.moved_at, records.modified_at), last_entries.entered_at
        ) as entered_at,
        'inferred_current' as entry_source,
        3 as source_rank,
        0 as event_order,
        cast(null as timestamp) as moved_in_at
    from {{ records }}
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
        on records.record_key = last_entries.record_key
        and last_entries.last_rank = 1
        and records.stage_key <> last_entries.stage_key
{%- endmacro %}
