with
    leads as (
        select client_key, count(*) as lead_count
        from {{ ref("fct_leads") }}
        where client_key is not null
        group by client_key
    ),
    deals as (
        select
            client_key,
            sum(deal_count) as deal_count,
            sum(won_count) as won_count,
            sum(won_amount) as won_amount,
            min(case when status = 'won' then closed_date end) as first_won_date,
            max(case when status = 'won' then closed_date end) as last_won_date
        from {{ ref("fct_deals") }}
        where client_key is not null
        group by client_key
    ),
    clients as (
        select
            company_key as customer_key,
            connection,
            record_type,
            native_id,
            record_url,
            company_name as customer_name,
            owner_key,
            owner_name,
            country,
            region,
            city
        from {{ ref("dim_companies") }}
        union all
        select
            contact_key as customer_key,
            connection,
            record_type,
            native_id,
            record_url,
            contact_name as customer_name,
            owner_key,
            owner_name,
            country,
            region,
            city
        from {{ ref("dim_contacts") }}
    ),
    customers as (
        select
            clients.*,
            coalesce(leads.lead_count, 0) as lead_count,
            cast(coalesce(deals.deal_count, 0) as bigint) as deal_count,
            cast(coalesce(deals.won_count, 0) as bigint) as won_count,
            {{ money("coalesce(deals.won_amount, 0)") }} as won_amount,
            deals.first_won_date,
            deals.last_won_date
        from clients
        left join leads on clients.customer_key = leads.client_key
        left join deals on clients.customer_key = deals.client_key
        where leads.client_key is not null or deals.client_key is not null
    )

select *
from customers
