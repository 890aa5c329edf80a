{# Steps that give every member of linked groups the least number it is linked to, directly or by others: in each,
   the least of its groups and then the least of that one. The reach doubles with each step, so that a bounded number of them does.
   `matches` has match_number and contact_number; the last step is labels_<steps>. #}
{% macro cluster_steps(matches, steps) -%}
    labels_0 as (
        select distinct contact_number, contact_number as label from {{ matches }}
    ),
    {% for step in range(1, steps + 1) -%}
        least_of_groups_{{ step }} as (
            select matches.match_number, min(labels.label) as label
            from {{ matches }} as matches
            inner join
                labels_{{ step - 1 }} as labels
                on matches.contact_number = labels.contact_number
            group by matches.match_number
        ),
        hooked_{{ step }} as (
            select matches.contact_number, min(labels.label) as label
            from {{ matches }} as matches
            inner join
                least_of_groups_{{ step }} as labels
                on matches.match_number = labels.match_number
            group by matches.contact_number
        ),
        labels_{{ step }} as (
            select hooked.contact_number, further.label
            from hooked_{{ step }} as hooked
            inner join
                hooked_{{ step }} as further on hooked.label = further.contact_number
        ) {{- "," if not loop.last }}
    {% endfor %}
{%- endmacro %}
