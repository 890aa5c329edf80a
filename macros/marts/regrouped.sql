{# Sums of measures, of all rows and by each dimension alone; `place` says whether by the names of the report or
   the columns of its fact. What nobody may add up is left out. #}
{% macro regrouped(relation, about, place, condition) -%}
    {%- set dimensions = report_members(about.dimensions) -%}
    select
        {% for member in dimensions -%}
            {{ member.name }}, grouping({{ member.name }}) as is_over_{{ member.name }},
        {% endfor %}
        {%- for member in summable_measures(about) -%}
            coalesce(sum(measure_{{ member.name }}), 0) as {{ member.name }},
        {% endfor %}
        {{ "count(*)" if about.grain == "record" else "0" }} as row_count
    from
        (
            select
                {% for member in dimensions -%}
                    {{ member[place] }} as {{ member.name }},
                {% endfor %}
                {%- for member in summable_measures(about) -%}
                    cast(
                        {{ member[place] }} as decimal(38, 6)
                    ) as measure_{{ member.name }},
                {% endfor %}
                1 as one
            from {{ relation }}
            where {{ condition }}
        ) as told
    group by
        grouping sets (
            {% for member in dimensions -%}({{ member.name }}), {% endfor %} ()
        )
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

{# Records that a measure which may be added up over everything counts more than once; one that counts events says so. #}
{% macro records_counted_twice(relation, about, condition) -%}
    {%- set once = [] -%}
    {%- for member in report_members(about.measures)
        if member.additivity == "full" and member.counts != "events" -%}
        {%- do once.append(member) -%}
    {%- endfor -%}
    select record_key
    from {{ relation }}
    where {{ condition }}
    group by record_key
    having
        {% for member in once -%}
            count(case when {{ member.column }} <> 0 then 1 end) > 1 or
        {% endfor %}
        false
{%- endmacro %}
