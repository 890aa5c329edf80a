with
    absences as (
        {{
            absences(
                "deal", "stg_hubspot__deal_versions", "stg_hubspot__deal_tombstones"
            )
        }}
    )

select *
from absences
