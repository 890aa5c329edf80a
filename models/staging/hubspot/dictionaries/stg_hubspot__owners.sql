with
    newest as ({{ newest_versions(source("hubspot", "owners")) }}),
    unpacked as (
        select
            connection,
            id as native_id,
            is_gone,
            {{
                unpack(
                    "payload", ["firstName", "lastName", "email", "archived", "teams"]
                )
            }}
        from newest
    ),
    memberships as (
        select
            connection,
            native_id,
            position,
            {{ unpack("element", ["id", "name", "primary"]) }}
        from
            (
                select connection, native_id, {{ json_elements("teams") }}
                from unpacked
                where substr(teams, 1, 1) = '['
            ) as elements
    ),
    -- Among several teams one is marked; where none is, the first one counts.
    primary_teams as (
        select
            connection,
            native_id,
            id as team_id,
            nullif(trim(name), '') as team_name,
            row_number() over (
                partition by connection, native_id
                order by
                    coalesce({{ adapter.quote("primary") }}, 'false') <> 'true',
                    position
            ) as team_rank
        from memberships
    ),
    renamed as (
        select
            -- ids
            unpacked.connection,
            unpacked.native_id,
            primary_teams.team_id,

            -- strings
            primary_teams.team_name,
            nullif(trim(firstname), '') as first_name,
            nullif(trim(lastname), '') as last_name,
            nullif(trim(email), '') as email,

            -- booleans
            not is_gone and coalesce(archived, 'false') <> 'true' as is_active
        from unpacked
        left join
            primary_teams
            on unpacked.connection = primary_teams.connection
            and unpacked.native_id = primary_teams.native_id
            and primary_teams.team_rank = 1
    )

select *
from renamed
