{# The part of a field that may be a number: from its first digit or plus, without what trails, without a second extension. #}
{% macro phone_in_field(text) -%}
    {%- set begun = text_extracted(text, "(?s)[+0-9].*") -%}
    {%- set ended = text_replaced(begun, "[^#\\p{L}\\p{N}]+$", "") -%}
    {{ text_replaced(ended, "(?s)[\\\\/] *x.*$", "") }}
{%- endmacro %}

{# The number of a text that tells its context (RFC 3966): a context with a plus stands before it, a domain means nothing. #}
{% macro phone_in_context(text) -%}
    {%- set local = text_replaced(text, "(?s)^.*?tel:|;phone-context=.*$", "") -%}
    {%- set context = text_replaced(
        text_extracted(text, ";phone-context=[^;]*"), "^;phone-context=", ""
    ) -%}
    case
        when {{ text_matches(context, "^[+][-.()]*[0-9][-.()0-9]*$") }}
        then {{ context }} || {{ local }}
        when
            {{
                text_matches(
                    context, "^(?:[A-Za-z0-9-]+[.])*[A-Za-z][A-Za-z0-9-]*[.]?$"
                )
            }}
        then {{ local }}
    end
{%- endmacro %}

{# What of a field is the number, as it was written. #}
{% macro phone_as_written(text) -%}
    case
        when strpos({{ text }}, ';phone-context=') > 0
        then {{ text_replaced(phone_in_context(text), "(?s);isub=.*$", "") }}
        when strpos({{ text }}, ';isub=') > 0
        then {{ text_replaced(phone_in_field(text), "(?s);isub=.*$", "") }}
        else {{ phone_in_field(text) }}
    end
{%- endmacro %}
