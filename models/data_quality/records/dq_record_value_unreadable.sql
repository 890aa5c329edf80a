{%- set records = {
    "deal": ["int_deals", "deal_key", "owner_key"],
    "lead": ["int_leads", "lead_key", "owner_key"],
    "contact": ["int_contacts", "contact_key", "owner_key"],
    "company": ["int_companies", "company_key", "owner_key"],
    "activity": ["int_activities", "activity_key", "employee_key"],
} -%}
with
    unreadable_values as (select * from {{ ref("int_unreadable_values") }}),
    -- Of activities the keys name the kind: issues call all of them activities.
    parts as (
        select distinct
            record_key,
            connection,
            case
                when
                    record_type
                    in ('activity', 'task', 'call', 'meeting', 'email', 'note')
                then 'activity'
                else record_type
            end as record_type,
            field || '=' || value as part
        from unreadable_values
    ),
    records as (
        {% for record_type, (model, key, owner) in records.items() -%}
            select
                '{{ record_type }}' as record_type,
                {{ key }} as record_key,
                {{ owner }} as owner_key,
                is_deleted
            from {{ ref(model) }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),
    flagged as (
        select
            parts.record_key,
            parts.record_type,
            parts.connection,
            records.owner_key,
            {{ dbt.listagg("parts.part", "'; '", "order by parts.part") }}
            as detected_value,
            0 as money_at_risk
        from parts
        left join
            records
            on parts.record_key = records.record_key
            and parts.record_type = records.record_type
        -- Rates are no records; a task is, but may be shown by its activity.
        where
            not coalesce(
                records.is_deleted, parts.record_type not in ('activity', 'currency')
            )
        group by
            parts.record_key, parts.record_type, parts.connection, records.owner_key
    ),
    findings as ({{ rule_findings("record_value_unreadable", "any", "flagged") }})

select *
from findings
