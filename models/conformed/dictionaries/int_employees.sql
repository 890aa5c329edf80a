with employees as ({{ union_of_crms("employees") }}) select * from employees
