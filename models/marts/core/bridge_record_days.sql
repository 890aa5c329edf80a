{#- The dates that a deal and a lead tell of themselves. -#}
{%- set events = {
    "created": "created_date",
    "changed": "modified_date",
    "closed": "closed_date",
} -%}
-- A view: what it puts together is published anyway. What the CRM calls the reporting
-- period is asked of it: a record belongs to each period in which something happened
-- to it, and to every period while it is open.
{{ config(materialized="view") }}
with
    happenings as (
        {% for fact in ["fct_deals", "fct_leads"] -%}
            {%- for event, column in events.items() %}
                select record_key, '{{ event }}' as event, {{ column }} as event_date
                from {{ ref(fact) }}
                where {{ column }} is not null
                union all
            {% endfor %}
            select record_key, 'open' as event, cast(null as date) as event_date
            from {{ ref(fact) }}
            where status = 'open'
            union all
        {% endfor %}
        select record_key, 'changed' as event, changed_date as event_date
        from {{ ref("fct_deal_changes") }}
        union all
        select
            bindings.record_key,
            'activity' as event,
            activities.activity_date as event_date
        from {{ ref("bridge_activity_records") }} as bindings
        inner join
            {{ ref("fct_activities") }} as activities
            on bindings.activity_key = activities.activity_key
        where
            bindings.record_type in ('deal', 'lead')
            and activities.activity_date is not null
    ),
    record_days as (select distinct record_key, event, event_date from happenings)

select *
from record_days
