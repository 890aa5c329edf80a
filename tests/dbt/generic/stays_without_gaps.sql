{# A stay ends when the next begins; the last one goes on, unless the stage was emptied. #}
{% test stays_without_gaps(model) %}
    with
        stays_with_next as (
            select
                record_key,
                is_current,
                exited_at,
                lead(entered_at) over (
                    partition by record_key order by visit_number
                ) as next_entered_at
            from {{ model }}
        )
    select *
    from stays_with_next
    where
        case
            when next_entered_at is null
            then is_current <> (exited_at is null)
            else exited_at is distinct from next_entered_at
        end
{% endtest %}
