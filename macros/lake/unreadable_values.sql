{# What a staging row could not cast, as `field=value` parts; null when all went well. A value that is not
   empty and does not cast must not pass for a missing one. Fields are [name, text, cast value]. #}
{% macro unreadable_values(fields) -%}
    nullif(
        concat(
            {% for name, text, value in fields -%}
                case
                    when {{ text }} <> '' and {{ value }} is null
                    then '{{ name }}=' || {{ text }} || chr(30)
                    else ''
                end
                {{- "," if not loop.last }}
            {% endfor %}
        ),
        ''
    )
{%- endmacro %}

{# The rejects of one staging model: one row per unreadable value. #}
{% macro rejected_values(model, entity) -%}
    select
        connection,
        '{{ entity }}' as entity,
        native_id,
        split_part(element, '=', 1) as field,
        substr(element, length(split_part(element, '=', 1)) + 2) as value
    from
        (
            select
                connection, native_id, {{ text_parts("unreadable_values", "chr(30)") }}
            from {{ model }}
            where unreadable_values is not null
        ) as parts
    where element <> ''
{%- endmacro %}
