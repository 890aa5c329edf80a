-- The eleventh contact with one phone ends the issues of the ten: it was a switchboard
-- all along. The value of an issue begins with the grounds that it was flagged for.
with
    states as (
        select *
        from {{ ref("int_issue_states") }}
        where rule_id = 'contact_duplicate' and is_open
    ),
    marks_of_too_many as (
        select * from {{ ref("int_contact_shared_marks") }} where is_of_too_many
    ),
    withdrawn as (
        select distinct states.rule_id, states.record_key
        from states
        inner join
            marks_of_too_many
            on states.record_key = marks_of_too_many.contact_key
            and split_part(states.detected_value, ';', 1)
            like '%' || marks_of_too_many.ground || '%'
    )

select *
from withdrawn
