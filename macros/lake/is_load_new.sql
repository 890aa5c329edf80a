{# Whether a capture belongs to a load that this model has not seen; for models that keep every capture. #}
{% macro is_load_new(alias) -%}
    {%- if is_incremental() -%}
        {{ alias }}._dlt_load_id > coalesce(
            (
                select max(seen.load_id)
                from {{ this }} as seen
                where seen.connection = {{ alias }}.connection
            ),
            ''
        )
    {%- else -%} true
    {%- endif -%}
{%- endmacro %}
