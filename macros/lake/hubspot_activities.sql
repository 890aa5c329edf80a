{# Activities of one type, in the columns that all types share; `named` tells what those are called there. #}
{% macro hubspot_activities(relation, named) -%}
    select
        unpacked.connection,
        unpacked.native_id,
        nullif(hubspot_owner_id, '') as owner_id,
        last_load_id,
        {{ named_property(named, "subject") }} as subject,
        {{ named_property(named, "direction") }} as direction_code,
        {{ named_property(named, "status") }} as status_code,
        {{ named_property(named, "outcome") }} as outcome_code,
        {{ unreadable_activity_values(named) }} as unreadable_values,
        try_cast(
            {{ named_property(named, "duration") }} as decimal(21, 6)
        ) as duration_milliseconds,
        is_gone as is_deleted,
        {{ utc_timestamp("coalesce(nullif(hs_createdate, ''), createdat)") }}
        as created_at,
        unpacked.modified_at,
        extracted_at as captured_at,
        {{ utc_timestamp("nullif(hs_timestamp, '')") }} as happens_at,
        {{ utc_timestamp(named_property(named, "start")) }} as started_at,
        {{ utc_timestamp(named_property(named, "end")) }} as ended_at,
        {{ utc_timestamp(named_property(named, "completion")) }} as completed_at,
        {{
            (
                "first_done.completed_seen_at"
                if "completion" in named
                else "cast(null as timestamp)"
            )
        }} as completed_seen_at,
        gone_at as deleted_at
    from ({{ hubspot_activity_records(relation, named) }}) as unpacked
    {%- if "completion" in named %}
        left join
            (
                {{
                    first_sightings_done(
                        relation,
                        named["status"],
                        named["status"] ~ " = 'COMPLETED'",
                        "properties",
                    )
                }}
            ) as first_done
            on unpacked.connection = first_done.connection
            and unpacked.native_id = first_done.id
    {%- endif %}
{%- endmacro %}

{% macro hubspot_activity_records(relation, named) -%}
    {{
        hubspot_records(
            relation,
            ["hs_timestamp", "hs_createdate", "hubspot_owner_id"]
            + (named.values() | list),
        )
    }}
{%- endmacro %}

{% macro named_property(named, meaning) -%}
    {{
        (
            "nullif(" ~ named[meaning] ~ ", '')"
            if meaning in named
            else "cast(null as varchar)"
        )
    }}
{%- endmacro %}

{# The times and numbers of an activity that did not cast. #}
{% macro unreadable_activity_values(named) -%}
    {%- set fields = [
        ["hs_timestamp", "hs_timestamp", utc_timestamp("hs_timestamp")]
    ] -%}
    {%- for meaning, property in named.items() -%}
        {%- if meaning in ("start", "end", "completion") -%}
            {%- do fields.append([property, property, utc_timestamp(property)]) -%}
        {%- elif meaning == "duration" -%}
            {%- do fields.append(
                [
                    property,
                    property,
                    "try_cast(" ~ property ~ " as decimal(21, 6))",
                ]
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ unreadable_values(fields) }}
{%- endmacro %}
