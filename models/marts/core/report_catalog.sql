-- Written from `meta.report` of the reports: a member is described in one place only.
{%- set reports = [] -%}
{%- for node in graph.nodes.values() | sort(attribute="name") if node.config.meta.report -%}
    {%- do reports.append(node) -%}
{%- endfor %}
with
    members as (
        {% for report in reports -%}
            {{ report_catalog_rows(report) }} {{ "union all" if not loop.last }}
        {% else -%}
            select
                {% for column in [
                    "report",
                    "title",
                    "question",
                    "grain",
                    "fact",
                    "date_column",
                    "filter",
                    "day_filter",
                    "member",
                    "member_kind",
                    "column_name",
                    "additivity",
                    "description",
                    "format",
                ] -%}
                    cast(
                        null as {{ dbt.type_string() }}
                    ) as {{ column }} {{- "," if not loop.last }}
                {% endfor %}
        {% endfor %}
    )

select *
from members
