{# Opens a record of HubSpot; `accounts` is joined. #}
{% macro hubspot_url(object_type_id, native_id) -%}
    'https://'
    || accounts.portal_domain
    || '/contacts/'
    || accounts.portal_id
    || '/record/'
    || {{ object_type_id }}
    || '/'
    || {{ native_id }}
{%- endmacro %}

{# The id of HubSpot's own type of object that a kind of record is. #}
{% macro hubspot_object_type_id(record_type) -%}
    case
        {{ record_type }}
        when 'contact'
        then '0-1'
        when 'company'
        then '0-2'
        when 'deal'
        then '0-3'
        when 'lead'
        then '0-136'
    end
{%- endmacro %}
