-- Also the words that were removed: records go on holding their codes.
with
    dictionary_words as (
        select
            connection,
            dictionary_code,
            status_id as word_code,
            max_by(status_name, {{ in_order(["captured_at", "load_id"]) }}) as word,
            max_by(sort_order, {{ in_order(["captured_at", "load_id"]) }}) as sort_order
        from {{ ref("stg_bitrix24__status_versions") }}
        where not is_deleted
        group by connection, dictionary_code, status_id
    )

select *
from dictionary_words
