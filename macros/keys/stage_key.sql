{# Keys are opaque texts; only these macros put them together. `relation` is the step they read, where there are several. #}
{% macro record_key(record_type, native_id, relation=none) -%}
    {{ relation ~ "." if relation }}connection
    || ':{{ record_type }}:'
    || {{ native_id }}
{%- endmacro %}

{% macro pipeline_key(record_type, pipeline_id, relation=none) -%}
    {{ record_key(record_type, pipeline_id, relation) }}
{%- endmacro %}

{% macro stage_key(record_type, pipeline_id, stage_id, relation=none) -%}
    {{ record_key(record_type, pipeline_id, relation) }} || ':' || {{ stage_id }}
{%- endmacro %}
