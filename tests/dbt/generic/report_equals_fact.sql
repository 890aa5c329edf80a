{# A report equals the records behind it, all together and by each dimension: no row falls out, none stands under
   another value. And what may be added up over everything counts each record once. `sample` is a condition on dimensions. #}
{% test report_equals_fact(model, sample="true") %}
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
        {%- set condition = report_condition(found.about) ~ " and " ~ sample -%}
        with
            told as ({{ regrouped(model, found.about, "name", sample) }}),
            recorded as ({{ regrouped(fact, found.about, "column", condition) }}),
            differing as (
                (
                    select *
                    from told
                    except
                    select *
                    from recorded
                )
                union all
                (
                    select *
                    from recorded
                    except
                    select *
                    from told
                )
            ),
            counted_twice as (
                {% if "record_key" in found.fact.columns -%}
                    {{ records_counted_twice(fact, found.about, condition) }}
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
