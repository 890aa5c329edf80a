{# An equation that every row keeps; a null counts as broken. #}
{% test expression_holds(model, expression) %}
    select * from {{ model }} where not coalesce({{ expression }}, false)
{% endtest %}
