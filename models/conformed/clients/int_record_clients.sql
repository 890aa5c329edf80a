-- A table: three facts and the search for earlier business of a client read it.
{{ config(materialized="table") }}
with
    companies as (
        select company_key as client_key, company_name as client_name
        from {{ ref("int_companies") }}
        where not is_deleted and not is_own_company and not is_in_special_list
    ),
    contacts as (
        select contact_key as client_key, contact_name as client_name
        from {{ ref("int_contacts") }}
        where not is_deleted and not is_in_special_list
    ),
    clients as (
        select client_key, client_name, 'company' as client_type
        from companies
        union all
        select client_key, client_name, 'contact' as client_type
        from contacts
    ),
    linked_clients as (
        select
            links.from_key as record_key,
            links.connection,
            links.from_type as record_type,
            clients.client_key,
            clients.client_name,
            clients.client_type,
            row_number() over (
                partition by links.from_key
                order by
                    clients.client_type desc,
                    links.is_primary desc,
                    links.position nulls last,
                    clients.client_key
            ) as contact_first_rank,
            row_number() over (
                partition by links.from_key
                order by
                    clients.client_type,
                    links.is_primary desc,
                    links.position nulls last,
                    clients.client_key
            ) as client_rank,
            min(clients.client_type) over (
                partition by links.from_key
            ) as foremost_client_type
        from {{ ref("int_record_links") }} as links
        inner join clients on links.to_key = clients.client_key
        where links.from_type in ('deal', 'lead')
    ),
    -- A company stands before people: they change, it buys again.
    record_clients as (
        select
            record_key,
            connection,
            record_type,
            client_key,
            client_name,
            client_type,
            client_rank = 1 as is_client,
            client_type = 'contact' and contact_first_rank = 1 as is_primary_contact,
            client_rank = 1 or foremost_client_type = 'contact' as is_shared_client
        from linked_clients
    )

select *
from record_clients
