-- Served, so that analysts can list what belongs together.
{{ config(materialized="table", database=served_database(), access="public") }}
with
    contacts as (select * from {{ ref("dim_contacts") }}),
    matches as (select * from {{ ref("int_contact_matches") }}),
    labels as (select * from {{ ref("int_contact_cluster_labels") }}),
    grounds as (
        select distinct contact_number, contact_key, connection, ground from matches
    ),
    members as (
        select
            grounds.contact_number,
            grounds.contact_key,
            grounds.connection,
            labels.label,
            {{ dbt.listagg("grounds.ground", "', '", "order by grounds.ground") }}
            as matching_grounds
        from grounds
        inner join labels on grounds.contact_number = labels.contact_number
        group by
            grounds.contact_number,
            grounds.contact_key,
            grounds.connection,
            labels.label
    ),
    clusters as (
        select
            members.label,
            min(members.contact_key) as cluster_key,
            count(*) as contact_count,
            min_by(
                members.contact_key,
                {{ in_order(["contacts.created_at", "members.contact_key"]) }}
            ) as oldest_key
        from members
        inner join contacts on members.contact_key = contacts.contact_key
        group by members.label
    ),
    described as (
        select
            members.contact_key,
            members.connection,
            clusters.cluster_key,
            clusters.contact_count,
            members.matching_grounds,
            members.contact_key = clusters.oldest_key as is_oldest,
            contacts.contact_name,
            contacts.company_key,
            contacts.owner_key,
            contacts.owner_name,
            contacts.department,
            contacts.created_at,
            contacts.created_date,
            contacts.record_url
        from members
        inner join clusters on members.label = clusters.label
        inner join contacts on members.contact_key = contacts.contact_key
    )

select *
from described
