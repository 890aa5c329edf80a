with
    absences as (
        {{
            absences(
                "deal", "stg_bitrix24__deal_versions", "stg_bitrix24__deal_tombstones"
            )
        }}
    )

select *
from absences
