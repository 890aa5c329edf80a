with
    origins as (select * from {{ ref("int_record_origins") }}),
    sources as (select source_key, native_id from {{ ref("int_sources") }}),
    channels as (
        select match_field, lower(match_value) as match_value, channel, precedence
        from {{ ref("channels") }}
    ),
    -- Few values stand behind many records: each combination is looked up once.
    marks as (
        select distinct
            coalesce(lower(origins.utm_medium), '') as utm_medium,
            coalesce(lower(origins.utm_source), '') as utm_source,
            coalesce(lower(sources.native_id), '') as source
        from origins
        left join sources on origins.source_key = sources.source_key
    ),
    matches as (
        select
            marks.utm_medium,
            marks.utm_source,
            marks.source,
            channels.channel,
            row_number() over (
                partition by marks.utm_medium, marks.utm_source, marks.source
                order by channels.precedence, channels.channel
            ) as match_rank
        from marks
        inner join
            channels
            on channels.match_value = case
                channels.match_field
                when 'utm_medium'
                then marks.utm_medium
                when 'utm_source'
                then marks.utm_source
                else marks.source
            end
    ),
    record_channels as (
        select
            origins.record_key,
            origins.connection,
            case
                when matches.channel is not null
                then matches.channel
                when
                    coalesce(origins.source_key, origins.utm_medium, origins.utm_source)
                    is not null
                then 'other'
            end as channel
        from origins
        left join sources on origins.source_key = sources.source_key
        left join
            matches
            on coalesce(lower(origins.utm_medium), '') = matches.utm_medium
            and coalesce(lower(origins.utm_source), '') = matches.utm_source
            and coalesce(lower(sources.native_id), '') = matches.source
            and matches.match_rank = 1
    )

select *
from record_channels
