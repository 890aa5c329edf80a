-- Were a cluster longer than the steps reach, it would fall apart. A warning: its
-- members are flagged all the same, and no number of a report is wrong.
{{ config(severity="warn") }}
select matches.match_number
from {{ ref("int_contact_matches") }} as matches
inner join
    {{ ref("dim_contact_clusters") }} as clusters
    on matches.contact_key = clusters.contact_key
group by matches.match_number
having count(distinct clusters.cluster_key) > 1
