{# A stay ends when the next begins, and only the last one goes on. #}
{% test stays_without_gaps(model) %}
    with
        stays_with_next as (
            select
                record_key,
                exited_at,
                lead(entered_at) over (
                    partition by record_key order by visit_number
                ) as next_entered_at
            from {{ model }}
        )
    select *
    from stays_with_next
    where exited_at is distinct from next_entered_at
{% endtest %}
