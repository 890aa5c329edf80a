{# A report equals the records behind it: no row falls out, none stands under another value. Compared at its own grain,
   which says it of every regrouping by fewer dimensions, too. And what may be added up over everything counts each
   record once. `sample` is a condition on dimensions, `fact_sample` one on the fact that `sample` implies. #}
{% test report_equals_fact(model, sample="true", fact_sample="true") %}
    {%- if execute %}
        {%- set found = namespace(about=none, fact=none) -%}
        {%- for node in graph.nodes.values() if node.name == model.identifier -%}
            {%- set found.about = node.config.meta.report -%}
        {%- endfor -%}
        {%- for node in graph.nodes.values() if node.name == found.about.fact -%}
            {%- set found.fact = node -%}
        {%- endfor -%}
        {%- set fact = model.incorporate(
            path={"schema": "marts", "identifier": found.about.fact}
        ) -%}
        {%- set condition = [
            report_condition(found.about),
            sample,
            fact_sample,
        ] | join(" and ") -%}
        with
            told_and_recorded as (
                {{ balance_side(model, found.about, "name", "1", sample) }}
                union all
                {{ balance_side(fact, found.about, "column", "-1", condition) }}
            ),
            differing as ({{ unbalanced("told_and_recorded", found.about) }}),
            counted_twice as (
                {%- set once = measures_of_records(found.about) -%}
                {% if "record_key" in found.fact.columns and once -%}
                    {{ records_counted_twice(fact, once, condition) }}
                {%- else -%}select 1 as one where false
                {%- endif %}
            )
        select 'differs from its records' as problem
        from differing
        union all
        select 'counts a record twice' as problem
        from counted_twice
    {%- endif %}
{% endtest %}
