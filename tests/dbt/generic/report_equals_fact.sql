{# Every measure of a report adds up to that of its fact: no row falls out, and none counts twice. #}
{% test report_equals_fact(model) %}
    {%- if execute %}
        {%- set node = namespace(report=none) -%}
        {%- for candidate in graph.nodes.values() if candidate.name == model.identifier -%}
            {%- set node.report = candidate.config.meta.report -%}
        {%- endfor -%}
        {%- set fact = model.incorporate(
            path={"schema": "marts", "identifier": node.report.fact}
        ) -%}
        with
            report_totals as (
                select
                    {% for member in report_members(node.report.measures) -%}
                        coalesce(
                            sum({{ member.name }}), 0
                        ) as {{ member.name }} {{- "," if not loop.last }}
                    {% endfor %}
                from {{ model }}
            ),
            fact_totals as (
                select
                    {% for member in report_members(node.report.measures) -%}
                        coalesce(
                            sum({{ member.column }}), 0
                        ) as {{ member.name }} {{- "," if not loop.last }}
                    {% endfor %}
                from {{ fact }}
                where {{ report_date_column(node.report) }} is not null
            )
        select *
        from report_totals
        cross join fact_totals
        where
            {% for member in report_members(node.report.measures) -%}
                report_totals.{{ member.name }}
                is distinct from fact_totals.{{ member.name }}
                {{- " or" if not loop.last }}
            {% endfor %}
    {%- endif %}
{% endtest %}
