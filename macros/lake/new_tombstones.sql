{# Tombstones of loads that this model has not seen. #}
{% macro new_tombstones(relation) -%}
    select distinct
        connection,
        id as native_id,
        _dlt_load_id as load_id,
        payload = '{}' as is_deleted_at_estimated,
        modified_at as deleted_at,
        extracted_at as captured_at
    from {{ relation }} as captures
    where is_deleted and {{ is_load_new("captures") }}
{%- endmacro %}
