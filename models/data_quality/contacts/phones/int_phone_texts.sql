with
    texts as (
        select region, phone_as_typed as number_text
        from {{ ref("int_phone_fields") }}
        union
        select region, number_text
        from {{ ref("int_phone_parts") }}
        union
        select region, number_text
        from {{ ref("int_comment_phones") }}
    )

select *
from texts
