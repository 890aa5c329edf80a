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
