{# One row per value of the entries of a JSON object whose name meets a condition (%s stands for the name):
   columns entry_name, position (from 1, above 1 in arrays only) and element, a text. #}
{% macro json_entries(keys, payload, condition, relation) -%}
    {{-
        adapter.dispatch("json_entries", "dealhouse")(
            keys, payload, condition, relation
        )
    -}}
{%- endmacro %}

{% macro default__json_entries(keys, payload, condition, relation) -%}
    select
        {{ keys | join(", ") }},
        key as entry_name,
        {{
            json_elements(
                "case when value like '[%' then value else '[' || value || ']' end"
            )
        }}
    from
        (
            select
                {{ keys | join(", ") }},
                unnest(
                    list_filter(
                        map_entries(from_json({{ payload }}, '"MAP(VARCHAR,JSON)"')),
                        lambda entry:{{ condition | replace("%s", "entry.key") }}
                        and entry.value is not null
                    ),
                    recursive := true
                )
            from {{ relation }}
        ) as entries
{%- endmacro %}

{# Spark takes the quotes off a text, so that they are put back before the array is read. #}
{% macro spark__json_entries(keys, payload, condition, relation) -%}
    select
        {{ keys | join(", ") }},
        key as entry_name,
        {{ json_elements("if(value rlike '^\\\\[', value, to_json(array(value)))") }}
    from {{ relation }}
    lateral view explode(from_json({{ payload }}, 'map<string,string>')) as key, value
    where {{ condition | replace("%s", "key") }} and value is not null
{%- endmacro %}
