{# The only way from text to time. A time without an offset is one of `zone`; 12 or 13 digits count milliseconds. #}
{% macro utc_timestamp(text, zone="'UTC'") -%}
    {{- adapter.dispatch("utc_timestamp", "dealhouse")(text, zone) -}}
{%- endmacro %}

{# A plain cast to timestamp would drop the offset without a word. #}
{% macro default__utc_timestamp(text, zone) -%}
    case
        when regexp_matches({{ text }}, ':[0-9.]+ ?(Z|[+-][0-9]{2}:?([0-9]{2})?)$')
        then try_cast({{ text }} as timestamptz) at time zone 'UTC'
        when regexp_matches({{ text }}, '^[0-9]{12,13}$')
        then epoch_ms(try_cast({{ text }} as bigint))
        else
            (
                try_cast({{ text }} as timestamp) at time zone {{ zone }}
            ) at time zone 'UTC'
    end
{%- endmacro %}

{% macro spark__utc_timestamp(text, zone) -%}
    case
        when {{ text }} rlike ':[0-9.]+ ?(Z|[+-][0-9]{2}:?([0-9]{2})?)$'
        then to_utc_timestamp(try_cast({{ text }} as timestamp), current_timezone())
        when {{ text }} rlike '^[0-9]{12,13}$'
        then
            to_utc_timestamp(
                timestamp_millis(try_cast({{ text }} as bigint)), current_timezone()
            )
        else to_utc_timestamp(try_cast({{ text }} as timestamp), {{ zone }})
    end
{%- endmacro %}
