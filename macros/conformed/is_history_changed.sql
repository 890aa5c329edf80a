{# Whether a deal has a load of history that this model has not seen; models with it work out all of the deal again. #}
{% macro is_history_changed(alias, history) -%}
    {%- if is_incremental() -%}
        exists (
            select 1
            from {{ history }} as landed
            left join
                (
                    select connection, max(load_id) as load_id
                    from {{ this }}
                    group by connection
                ) as seen
                on landed.connection = seen.connection
            where
                landed.connection = {{ alias }}.connection
                and landed.deal_id = {{ alias }}.deal_id
                and (seen.load_id is null or landed.load_id > seen.load_id)
        )
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}
