{# Whether a record has a load of history that this model has not seen; models with it work out all of the record
   again. What commits together has one watermark. #}
{% macro is_history_changed(alias, history, record_id, watermark_of=["connection"]) -%}
    {%- if is_incremental() -%}
        exists (
            select 1
            from {{ history }} as landed
            left join
                (
                    select {{ watermark_of | join(", ") }}, max(load_id) as load_id
                    from {{ this }}
                    group by {{ watermark_of | join(", ") }}
                ) as seen
                on true
                {% for column in watermark_of %}
                    and landed.{{ column }} = seen.{{ column }}
                {% endfor %}
            where
                (seen.load_id is null or landed.load_id > seen.load_id)
                {% for column in watermark_of + [record_id] %}
                    and landed.{{ column }} = {{ alias }}.{{ column }}
                {% endfor %}
        )
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}
