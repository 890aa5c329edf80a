-- Written from `meta.report` of the reports: a member is described in one place only.
{%- set columns = [
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
{%- set rows = [] -%}
{%- for node in graph.nodes.values() | sort(attribute="name") if node.config.meta.report -%}
    {%- do rows.extend(report_catalog_rows(node)) -%}
{%- endfor -%}
-- One list of values: as hundreds of selects it took the database seconds to read.
with
    members as (
        select
            {% for column in columns -%}
                cast({{ column }} as {{ dbt.type_string() }}) as {{ column }}
                {{- "," if not loop.last }}
            {% endfor %}
        from
            (
                values
                    {% for row in rows or [[none] * (columns | length)] -%}
                        (
                            {%- for text in row -%}
                                {{ text_literal(text) }} {{- ", " if not loop.last }}
                            {%- endfor -%}
                        ) {{- "," if not loop.last }}
                    {% endfor %}
            ) as listed({{ columns | join(", ") }})
        where report is not null
    )

select *
from members
