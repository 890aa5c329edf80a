{# One side of a balance: rows by the names of the report or by the columns of its fact (`place`), with their sign. #}
{% macro balance_side(relation, about, place, sign, condition) -%}
    select
        {% for member in balance_dimensions(about) -%}
            {{ member[place] }} as {{ member.name }},
        {% endfor %}
        {%- for member in summable_measures(about) -%}
            {{ sign }} * {{ member[place] }} as measure_{{ member.name }},
        {% endfor %}
        {{ sign }} as side
    from {{ relation }}
    where {{ condition }}
{%- endmacro %}

{# Groups of a balance that stand on one side only, or whose measures differ; what nobody may add up is left out.
   A report of records has each of them once. #}
{% macro unbalanced(relation, about) -%}
    select 1 as one
    from {{ relation }}
    group by
        {% for member in balance_dimensions(about) -%}
            {{ member.name }} {{- "," if not loop.last }}
        {% endfor %}
    having
        {% for member in summable_measures(about) -%}
            coalesce(sum(measure_{{ member.name }}), 0) <> 0 or
        {% endfor %}
        {% if about.grain == "record" %} sum(side) <> 0
        {% else %} min(side) = max(side)
        {% endif %}
{%- endmacro %}

{# What a balance is made by: the dimensions, or the columns of a record but for its measures. #}
{% macro balance_dimensions(about) -%}
    {%- set measures = report_members(about.measures) | map(attribute="name") | list -%}
    {{
        return(
            report_members(about.dimensions or about.columns)
            | rejectattr("name", "in", measures)
            | list
        )
    }}
{%- endmacro %}

{# Different values are no sum of those of parts. #}
{% macro summable_measures(about) -%}
    {%- set summable = [] -%}
    {%- for member in report_members(about.measures)
        if not member.additivity.startswith("distinct") -%}
        {%- do summable.append(member) -%}
    {%- endfor -%}
    {{ return(summable) }}
{%- endmacro %}

{# Measures that count records, each of them once; one that counts events says so. #}
{% macro measures_of_records(about) -%}
    {%- set once = [] -%}
    {%- for member in report_members(about.measures)
        if member.additivity == "full" and member.counts != "events" -%}
        {%- do once.append(member) -%}
    {%- endfor -%}
    {{ return(once) }}
{%- endmacro %}

{# Records that one of these measures counts more than once. #}
{% macro records_counted_twice(relation, measures, condition) -%}
    select record_key
    from {{ relation }}
    where {{ condition }}
    group by record_key
    having
        {% for member in measures -%}
            count(case when {{ member.column }} <> 0 then 1 end) > 1
            {{- " or" if not loop.last }}
        {% endfor %}
{%- endmacro %}
