create schema marts;
create schema custom_fields;

create table marts.report_catalog (
    report varchar, title varchar, question varchar, grain varchar, fact varchar, date_column varchar, filter varchar,
    day_filter varchar, member varchar, member_kind varchar, column_name varchar, additivity varchar,
    description varchar, format varchar
);
insert into marts.report_catalog
select 'rpt_deal_funnel', 'Deal funnel', 'How deals pass from stage to stage', 'group', 'fct_deal_stages', 'created_date',
    null, null, *
from (values
    ('created_date', 'date', 'created_date', null, '', ''),
    ('connection', 'dimension', 'connection', null, '', ''),
    ('pipeline_key', 'dimension', 'pipeline_key', null, '', ''),
    ('pipeline_name', 'dimension', 'pipeline_name', null, '', ''),
    ('stage_key', 'dimension', 'stage_key', null, '', ''),
    ('stage_name', 'dimension', 'stage_name', null, '', ''),
    ('owner_name', 'dimension', 'owner_name', null, '', ''),
    ('reached_count', 'measure', 'reached_count', 'not_across(stage_key)', '', 'count'),
    ('passed_on_count', 'measure', 'passed_on_count', 'not_across(stage_key)', '', 'count'),
    ('current_amount', 'measure', 'current_amount', 'full', '', 'money')
)
union all
select 'rpt_sales_trend', 'Sales trend', 'Sales over time', 'group', 'fct_deals', 'closed_date', null, null, *
from (values
    ('closed_date', 'date', 'closed_date', null, '', ''),
    ('connection', 'dimension', 'connection', null, '', ''),
    ('employee_name', 'dimension', 'employee_name', null, '', ''),
    ('won_count', 'measure', 'won_count', 'full', '', 'count'),
    ('won_amount', 'measure', 'won_amount', 'full', '', 'money'),
    ('lost_count', 'measure', 'lost_count', 'full', '', 'count')
)
union all
select 'rpt_employee_sales', 'Employees', 'Who sells how well', 'group', 'fct_deals', 'created_date', null, null, *
from (values
    ('created_date', 'date', 'created_date', null, '', ''),
    ('owner_key', 'dimension', 'owner_key', null, '', ''),
    ('owner_name', 'dimension', 'owner_name', null, '', ''),
    ('status', 'dimension', 'status', null, '', ''),
    ('won_count', 'measure', 'won_count', 'full', '', 'count')
)
union all
select 'rpt_closed_deals', 'Closed deals', 'Which deals were closed', 'record', 'fct_deals', 'closed_date',
    'status in (''won'', ''lost'')', null, *
from (values
    ('closed_date', 'date', 'closed_date', null, 'Day of closing.', ''),
    ('title', 'dimension', 'title', null, '', ''),
    ('status', 'dimension', 'status', null, '', ''),
    ('value', 'measure', 'amount', 'full', '', 'money')
);

create table marts.fct_deals as
select *
from (values
    ('m:deal:1', 'm:deal:1', 'm', 'One', 'https://m/1', 'Ann', 'won', true, 100.5::decimal(28, 6),
     date '2026-01-10', date '2026-03-05', timestamp '2026-03-05 10:00', 1::bigint, 0::bigint,
     100.5::decimal(28, 6)),
    ('m:deal:2', 'm:deal:2', 'm', 'Two''s "best"', 'https://m/2', 'Ann', 'lost', false, 50::decimal(28, 6),
     date '2026-01-11', date '2026-03-20', timestamp '2026-03-20 10:00', 0::bigint, 1::bigint, 0::decimal(28, 6)),
    ('u:deal:3', 'u:deal:3', 'u', 'Three', 'https://u/3', 'Bob', 'open', false, null,
     date '2026-02-01', null, null, 0::bigint, 0::bigint, 0::decimal(28, 6))
) as deals(
    deal_key, record_key, connection, title, record_url, employee_name, status, is_rate_estimated, amount,
    created_date, closed_date, closed_at, won_count, lost_count, won_amount
);

alter table marts.fct_deals add column owner_key varchar;
alter table marts.fct_deals add column owner_name varchar;
update marts.fct_deals set owner_key = replace(deal_key, 'deal', 'employee'), owner_name = employee_name;

create table marts.fct_deal_stages as
select *
from (values
    ('m:deal:1', 'm', 'One', 'https://m/1', 'm:deal:0', 'Sales', 'm:deal:0:NEW', 'New', 1, 'Ann', date '2026-01-10',
     1::bigint, 1::bigint, 0::decimal(28, 6)),
    ('m:deal:1', 'm', 'One', 'https://m/1', 'm:deal:0', 'Sales', 'm:deal:0:WON', 'Won', 2, 'Ann', date '2026-01-10',
     1::bigint, 0::bigint, 0::decimal(28, 6)),
    ('m:deal:2', 'm', 'Two', 'https://m/2', 'm:deal:0', 'Sales', 'm:deal:0:NEW', 'New', 1, 'Ann', date '2026-01-11',
     1::bigint, 0::bigint, 0::decimal(28, 6)),
    ('m:deal:2', 'm', 'Two', 'https://m/2', 'm:deal:0', 'Sales', 'm:deal:0:LOSE', 'Lost', null, 'Ann',
     date '2026-01-11', 1::bigint, 0::bigint, 0::decimal(28, 6)),
    ('u:deal:3', 'u', 'Three', 'https://u/3', 'u:deal:0', 'Sales', 'u:deal:0:NEW', 'New', 1, 'Bob', date '2026-02-01',
     1::bigint, 0::bigint, 75000::decimal(28, 6))
) as stages(
    record_key, connection, title, record_url, pipeline_key, pipeline_name, stage_key, stage_name, stage_position,
    owner_name, created_date, reached_count, passed_on_count, current_amount
);

create table marts.dim_dates as
select
    day::date as calendar_date, date_trunc('week', day)::date as week_start_date,
    date_trunc('month', day)::date as month_start_date, date_trunc('quarter', day)::date as quarter_start_date,
    date_trunc('year', day)::date as year_start_date
from generate_series(timestamp '2026-01-01', timestamp '2026-12-31', interval 1 day) as days(day);

create view marts.bridge_record_days as
select *
from (values
    ('m:deal:1', 'created', date '2026-01-10'), ('m:deal:1', 'closed', date '2026-03-05'),
    ('m:deal:2', 'created', date '2026-01-11'), ('m:deal:2', 'closed', date '2026-03-20'),
    ('m:deal:2', 'activity', date '2026-05-02'),
    ('u:deal:3', 'created', date '2026-02-01'), ('u:deal:3', 'open', null)
) as days(record_key, event, event_date);

create table marts.dim_custom_fields as
select *
from (values
    ('m:deal:UF_CRM_1', 'm', 'deal', 'UF_CRM_1', 'Region', 'enumeration', true, true),
    ('u:deal:region', 'u', 'deal', 'region', 'Region', 'enumeration', true, true),
    ('m:deal:UF_CRM_2', 'm', 'deal', 'UF_CRM_2', 'Deposit, paid', 'number', false, true)
) as fields(
    custom_field_key, connection, record_type, field_code, field_label, field_type, is_multiple, is_active
);

create table marts.bridge_custom_field_values as
select *
from (values
    ('m:deal:1:UF_CRM_1:0', 'm:deal:UF_CRM_1', 'm:deal:1', '10', 'North', null::decimal(28, 6)),
    ('m:deal:1:UF_CRM_1:1', 'm:deal:UF_CRM_1', 'm:deal:1', '11', 'South', null),
    ('m:deal:2:UF_CRM_1:0', 'm:deal:UF_CRM_1', 'm:deal:2', '11', 'South', null),
    ('m:deal:1:UF_CRM_2:0', 'm:deal:UF_CRM_2', 'm:deal:1', '12.5', null, 12.5)
) as field_values(
    custom_field_value_key, custom_field_key, record_key, value_text, value_label, value_number
);
alter table marts.bridge_custom_field_values add column value_date date;
alter table marts.bridge_custom_field_values add column value_at timestamp;
alter table marts.bridge_custom_field_values add column value_boolean boolean;

create table marts.publications as
select *
from (values
    ('20260101T000000000000Z', timestamp '2026-01-01 00:00', 'm', timestamp '2025-12-31 23:00'),
    ('20260401T000000000000Z', timestamp '2026-04-01 00:00', 'm', timestamp '2026-03-31 23:15'),
    ('20260401T000000000000Z', timestamp '2026-04-01 00:00', 'u', timestamp '2026-03-31 22:45')
) as publications(run_id, published_at, connection, data_as_of_at);

create view marts.rpt_sales_trend as
select closed_date, connection, employee_name, sum(won_count) as won_count
from marts.fct_deals where closed_date is not null group by all;
create view marts.rpt_closed_deals as
select closed_date, title, status, amount as value from marts.fct_deals where status <> 'open';
create view custom_fields.m_deals as select record_key from marts.fct_deals where connection = 'm';

insert into marts.report_catalog
select 'rpt_stage_distribution', 'Open deals by stage', 'What was open', 'group', 'fct_deal_days', 'as_of_date', null,
    'is_reported_day', *
from (values
    ('as_of_date', 'date', 'as_of_date', null, '', ''),
    ('pipeline_name', 'dimension', 'pipeline_name', null, '', ''),
    ('stage_name', 'dimension', 'stage_name', null, '', ''),
    ('open_count', 'measure', 'open_count', 'stock(as_of_date)', '', 'count')
)
union all
select 'rpt_pipeline_waterfall', 'Pipeline waterfall', 'What changed it', 'group', 'fct_pipeline_months', 'period_month',
    null, null, *
from (values
    ('period_month', 'date', 'period_month', null, '', ''),
    ('employee_name', 'dimension', 'employee_name', null, '', ''),
    ('opening_count', 'measure', 'opening_count', 'stock(period_month, first)', '', 'count'),
    ('created_count', 'measure', 'created_count', 'full', '', 'count'),
    ('won_count', 'measure', 'won_count', 'full', '', 'count'),
    ('closing_count', 'measure', 'closing_count', 'stock(period_month)', '', 'count')
);

-- The first month end and the last three days are kept by the report; 2 April is told on demand.
create table marts.dim_as_of_days as
select
    day::date as as_of_date, day in ('2026-01-31', '2026-02-28') or day >= '2026-03-30' as is_reported_day
from generate_series(timestamp '2026-01-10', timestamp '2026-04-01', interval 1 day) as days(day);
-- One deal all the time, one from February to March, and one that came on the last day.
create view marts.fct_deal_days as
select
    days.as_of_date, days.is_reported_day, deals.record_key, 'Sales' as pipeline_name, deals.stage_name, deals.title,
    'https://m/' || deals.title as record_url, 1::bigint as open_count
from marts.dim_as_of_days as days
inner join (values
    ('m:deal:1', 'New', 'One', date '2026-01-10', date '2026-04-01'),
    ('m:deal:2', 'New', 'Two', date '2026-02-03', date '2026-03-30'),
    ('u:deal:3', 'Offer', 'Three', date '2026-04-01', date '2026-04-01')
) as deals(record_key, stage_name, title, first_date, last_date)
    on days.as_of_date between deals.first_date and deals.last_date;
create table marts.fct_pipeline_months as
select *
from (values
    ('m:deal:1', 'Ann', date '2026-01-01', 0::bigint, 1::bigint, 0::bigint, 1::bigint),
    ('m:deal:1', 'Ann', date '2026-02-01', 1, 0, 0, 1),
    ('m:deal:2', 'Bob', date '2026-02-01', 0, 1, 0, 1),
    ('m:deal:1', 'Ann', date '2026-03-01', 1, 0, 0, 1),
    ('m:deal:2', 'Bob', date '2026-03-01', 1, 0, 1, 0),
    ('m:deal:1', 'Ann', date '2026-04-01', 1, 0, 0, 1)
) as months(record_key, employee_name, period_month, opening_count, created_count, won_count, closing_count);
create table marts.rpt_pipeline_waterfall as
select
    period_month, employee_name, sum(opening_count)::bigint as opening_count, sum(created_count)::bigint as created_count,
    sum(won_count)::bigint as won_count, sum(closing_count)::bigint as closing_count
from marts.fct_pipeline_months
group by period_month, employee_name;
