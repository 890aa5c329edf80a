{# Opening and movements give the closing, in money and in deals, row by row. #}
{% test waterfall_adds_up(model) %}
    {%- set identity -%}
        opening_%s + created_%s + transferred_in_%s - transferred_out_%s
        + reopened_%s - won_%s - lost_%s - deleted_%s + undeleted_%s
    {%- endset %}
    select *
    from {{ model }}
    where
        {{ identity | replace("%s", "count") }} <> closing_count
        or {{ identity | replace("%s", "amount") }}
        + coalesce(increased_amount, 0)
        - coalesce(decreased_amount, 0)
        + fx_amount
        <> closing_amount
{% endtest %}
