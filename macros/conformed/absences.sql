{# Every time that a record was away: from its tombstones to the next version that was read. Versions and tombstones
   are taken in the order of reading; several tombstones in a row are one absence, and a time that the CRM told
   stands before one that was detected. #}
{% macro absences(record_type, versions, tombstones) -%}
    with
        sightings as ({{ sightings_with_tombstones(versions, tombstones) }}),
        numbered as (
            select
                *,
                sum(case when is_tombstone then 0 else 1 end) over (
                    partition by connection, native_id
                    order by captured_at, load_id, at_time, is_tombstone
                    rows between unbounded preceding and current row
                ) as version_number
            from sightings
        ),
        gone as ({{ first_tombstones("numbered") }})
    select
        {{ record_key(record_type, "gone.native_id", "gone") }} as record_key,
        gone.connection,
        gone.absent_from_at,
        {{ return_time("back", "gone") }} as absent_to_at,
        gone.is_from_estimated
    from gone
    left join
        numbered as back
        on gone.connection = back.connection
        and gone.native_id = back.native_id
        and gone.version_number + 1 = back.version_number
        and not back.is_tombstone
{%- endmacro %}

{# The tombstones after each version, as one. #}
{% macro first_tombstones(numbered) -%}
    select
        connection,
        native_id,
        version_number,
        coalesce(
            min(case when not is_estimated then at_time end), min(at_time)
        ) as absent_from_at,
        min(case when is_estimated then 1 else 0 end) = 1 as is_from_estimated
    from {{ numbered }}
    where is_tombstone and version_number > 0
    group by connection, native_id, version_number
{%- endmacro %}

{# A record that was restored and not changed comes back when it is seen. #}
{% macro return_time(back, gone) -%}
    case
        when {{ back }}.at_time > {{ gone }}.absent_from_at
        then {{ back }}.at_time
        else {{ back }}.captured_at
    end
{%- endmacro %}

{# Of records that were ever away. #}
{% macro sightings_with_tombstones(versions, tombstones) -%}
    select
        connection,
        native_id,
        deleted_at as at_time,
        captured_at,
        load_id,
        true as is_tombstone,
        is_deleted_at_estimated as is_estimated
    from {{ ref(tombstones) }}
    union all
    select
        versions.connection,
        versions.native_id,
        versions.modified_at as at_time,
        versions.captured_at,
        versions.load_id,
        false as is_tombstone,
        false as is_estimated
    from {{ ref(versions) }} as versions
    inner join
        (select distinct connection, native_id from {{ ref(tombstones) }}) as ever_gone
        on versions.connection = ever_gone.connection
        and versions.native_id = ever_gone.native_id
{%- endmacro %}
