with
    listed as (select * from {{ ref("stg_hubspot__teams") }}),
    -- Owners name their teams, also where the list of teams may not be read.
    named_by_owners as (
        select
            owners.connection,
            owners.team_id as native_id,
            max(owners.team_name) as team_name,
            true as is_active
        from {{ ref("stg_hubspot__owners") }} as owners
        left join
            listed
            on owners.connection = listed.connection
            and owners.team_id = listed.native_id
        where owners.team_name is not null and listed.native_id is null
        group by owners.connection, owners.team_id
    ),
    teams as (
        select connection, native_id, team_name, is_active
        from listed
        union all
        select connection, native_id, team_name, is_active
        from named_by_owners
    ),
    departments_in_shared_shape as (
        select
            {{ record_key("department", "native_id") }} as department_key,
            connection,
            native_id,
            team_name as department_name,
            -- Teams are told without the one above them.
            cast(null as varchar) as parent_key,
            cast(null as bigint) as sort_order,
            is_active
        from teams
    )

select *
from departments_in_shared_shape
