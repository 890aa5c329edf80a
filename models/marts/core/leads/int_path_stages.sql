{#- The work of fct_path_stages without what it tells of a path: both in one statement need more than 4 GB for eight
    million stages. It stays in the working database: nobody reads it but that fact. -#}
{{
    config(
        database=target.database if target.type == "duckdb" else none,
        schema="stage_history",
        access="protected",
    )
}}
{%- set measures = {
    "reached_count": ["max", "bigint"],
    "passed_on_count": ["max", "bigint"],
    "current_count": ["max", "bigint"],
    "lost_from_here_count": ["max", "bigint"],
    "reached_amount": ["sum", "decimal(28, 6)"],
    "current_amount": ["sum", "decimal(28, 6)"],
    "completed_visits": ["sum", "bigint"],
    "total_seconds_in_stage": ["sum", "bigint"],
} %}
with
    paths as (select * from {{ ref("fct_paths") }}),
    steps as (
        {{ path_steps(ref("fct_lead_stages")) }}
        union all
        {{ path_steps(ref("fct_deal_stages")) }}
    ),
    steps_judged as (
        select
            steps.path_key,
            steps.stage_key,
            steps.pipeline_key,
            steps.reached_count,
            steps.reached_amount,
            steps.completed_visits,
            steps.total_seconds_in_stage,
            -- A lead from which a deal was made has gone on, whatever its status says.
            case
                when
                    steps.record_type = 'lead'
                    and steps.stage_kind = 'open'
                    and paths.last_deal_created_at >= steps.first_entered_at
                then 1
                else steps.passed_on_count
            end as passed_on_count,
            -- It stands where its deals stand, without deals where its lead does.
            {% for measure in ["current_count", "current_amount"] %}
                case
                    when steps.record_type = 'deal' or paths.deal_count = 0
                    then steps.{{ measure }}
                    else 0
                end as {{ measure }},
            {% endfor %}
            case
                row_number() over (
                    partition by steps.path_key
                    order by
                        steps.last_open_count desc,
                        steps.last_entered_at desc nulls last,
                        steps.record_type,
                        steps.record_key desc
                )
                when 1
                then steps.last_open_count * paths.lost_count
                else 0
            end as lost_from_here_count
        from steps
        inner join paths on steps.path_key = paths.path_key
    ),
    visited_stages as (
        select
            path_key,
            pipeline_key,
            stage_key,
            {% for name, how in measures.items() -%}
                cast({{ how[0] }} ({{ name }}) as {{ how[1] }}) as {{ name }}
                {{- "," if not loop.last }}
            {% endfor %}
        from steps_judged
        group by path_key, pipeline_key, stage_key
    ),
    -- A path is lost or not, whatever became of each of its records.
    living_steps as (
        select steps.*
        from steps
        inner join paths on steps.path_key = paths.path_key and paths.lost_count = 0
    ),
    filled_in_stages as ({{ filled_in_stages("living_steps", "path_key") }}),
    path_stages as (
        select *
        from visited_stages
        union all
        {{ path_stages_without_visits("filled_in_stages", measures) }}
    )

select *
from path_stages
