import { testCases } from './summary.test.ts'

testCases(
  'a query',
  String.raw`
    select 1 => select · read
    select * from orders => select · read · r:orders
    SELECT * FROM Public.Orders => select · read · r:public.orders
    select * from "Orders" => select · read · r:Orders
    select * from "public"."orders" => select · read · r:public.orders
    select * from shop.public.orders => select · read · r:public.orders
    select * from U&"\006frders" => select · read · r:orders
    select * from u&"!006frders" uescape '!' => select · read · r:orders
    table orders => select · read · r:orders
    table only orders => select · read · r:orders
    values (1), (2) => values · read
    select * from only (orders) => select · read · r:orders
    select * from orders * => select · read · r:orders
    select o.id from orders as o => select · read · r:orders
    select orders.id from orders => select · read · r:orders
    select * from orders, customers c => select · read · r:customers r:orders
    select * from orders cross join customers => select · read · r:customers r:orders
    select * from orders natural join customers => select · read · r:customers r:orders
    select * from orders join customers using (id) => select · read · r:customers r:orders
    select * from (orders join customers on true) join items on true => select · read · r:customers r:items r:orders
    select * from orders where id in (select id from secrets) => select · read · r:orders r:secrets
    select * from orders where exists (select 1 from secrets) => select · read · r:orders r:secrets
    select * from orders where id = any (select id from secrets) => select · read · r:orders r:secrets
    select array(select id from secrets) => select · read · r:secrets
    select (select max(id) from secrets) => select · read · r:secrets · max:safe
    select row((select 1 from secrets), 2) => select · read · r:secrets
    select case when exists (select from secrets) then 1 else (select 2 from a) end => select · read · r:a r:secrets
    select coalesce((select 1 from secrets), 2) => select · read · r:secrets
    select greatest((select 1 from secrets), 2) => select · read · r:secrets
    select nullif((select 1 from secrets), 2) => select · read · r:secrets
    select cast((select 1 from secrets) as text) => select · read · r:secrets
    select (select x from secrets)::int => select · read · r:secrets
    select (array[(select 1 from secrets)])[1] => select · read · r:secrets
    select x[(select 1 from secrets):2] from orders => select · read · r:orders r:secrets
    select * from orders order by (select 1 from secrets) => select · read · r:orders r:secrets
    select * from orders limit (select 1 from secrets) => select · read · r:orders r:secrets
    select * from orders offset (select 1 from secrets) => select · read · r:orders r:secrets
    select * from orders fetch first (select 1 from secrets) rows only => select · read · r:orders r:secrets
    select count(*) from orders group by (select 1 from secrets) => select · read · r:orders r:secrets · count:safe
    select count(*) from orders group by grouping sets ((id), ((select 1 from secrets))) => select · read · r:orders r:secrets · count:safe
    select count(*) from orders group by cube (id, (select 1 from secrets)) => select · read · r:orders r:secrets · count:safe
    select count(*) from orders having (select true from secrets) => select · read · r:orders r:secrets · count:safe
    select distinct on ((select 1 from secrets)) id from orders => select · read · r:orders r:secrets
    select sum(id) over (partition by (select 1 from secrets)) from orders => select · read · r:orders r:secrets · sum:safe
    select sum(id) over w from orders window w as (order by (select 1 from secrets)) => select · read · r:orders r:secrets · sum:safe
    select sum(id) over (rows between (select 1 from secrets) preceding and current row) from orders => select · read · r:orders r:secrets · sum:safe
    select sum(id) filter (where (select true from secrets)) from orders => select · read · r:orders r:secrets · sum:safe
    select percentile_cont(0.5) within group (order by (select 1 from secrets)) from orders => select · read · r:orders r:secrets · percentile_cont:safe
    select string_agg(note, ',' order by (select 1 from secrets)) from orders => select · read · r:orders r:secrets · string_agg:safe
    values ((select 1 from secrets)) => values · read · r:secrets
    select * from orders, lateral (select * from secrets where id = orders.id) s => select · read · r:orders r:secrets
    select * from (values ((select 1 from secrets))) v => select · read · r:secrets
    select * from generate_series(1, (select max(id) from secrets)) g => select · read · r:secrets · generate_series:safe max:safe
    select * from rows from (generate_series(1, 2), unnest(array(select id from secrets))) with ordinality => select · read · r:secrets · generate_series:safe unnest:safe
    select * from f(1) as t(a int, b text) => select · read · - · f:unknown
    select * from orders tablesample system (10) => select · read · r:orders
    select * from orders tablesample bernoulli ((select 1 from secrets)) repeatable (1) => select · read · r:orders r:secrets
    select * from orders tablesample my_sample (10) => select · read · r:orders · my_sample:unknown
    select * from xmltable('/a' passing (select x from secrets) columns a int path 'a', b for ordinality) => select · read · r:secrets
    select * from json_table((select x from secrets), '$[*]' columns (a int path '$.a', nested path '$.b' columns (c int))) => select · read · r:secrets
    select json_object('a' : (select 1 from secrets)), json_array(select id from secrets), json_value('{}', '$.a' default (select 1 from secrets) on empty) => select · read · r:secrets
    select xmlelement(name a, (select 1 from secrets)), xmlforest((select 1 from a) as b), xmlserialize(content x as text) from orders => select · read · r:a r:orders r:secrets
    select 1 union select id from secrets => select · read · r:secrets
    select 1 union all (select id from a intersect select id from b) except select id from c => select · read · r:a r:b r:c
    (select id from a) order by 1 => select · read · r:a
    select a.id is null, not a.b, a.c between (select 1 from secrets) and 2 from a => select · read · r:a r:secrets
    select id at time zone 'utc', extract(year from d), current_date, current_user, position('a' in b), trim(both from b), overlay(a placing b from 1), substring(a from 2) from orders => select · read · r:orders · pg_catalog.timezone:safe pg_catalog.extract:safe pg_catalog.position:safe pg_catalog.btrim:safe pg_catalog.overlay:safe pg_catalog.substring:safe
    select a like b escape (select '!' from secrets) from orders => select · read · r:orders r:secrets · pg_catalog.like_escape:safe
    select a collate "C" from orders => select · read · r:orders
    select a operator(pg_catalog.+) b from orders => select · read · r:orders
    select a operator(evil.+) b from orders => select · read · r:orders · evil.+:unknown
    select * from orders order by id using operator(evil.<) => select · read · r:orders · evil.<:unknown
    select 'secrets'::regclass => select · read
    select $1, $2 from orders => select · read · r:orders
    select current_setting('x'), version(), now() => select · read · - · current_setting:safe version:safe now:safe
    select pg_catalog.lower('A'), lower('B'), public.lower('C') => select · read · - · pg_catalog.lower:safe lower:safe public.lower:unknown
    select "Lower"('A') => select · read · - · Lower:unknown
    select o.* from orders o where o.id > all (array[1, 2]) => select · read · r:orders
`,
)

testCases(
  'a common table expression',
  `
    with s as (select 1) select * from s => select · read
    with secrets as (select * from secrets) select * from secrets => select · read · r:secrets
    with recursive secrets as (select 1 union all select * from secrets) select * from secrets => select · read
    with a as (select 1), b as (select * from a) select * from b => select · read
    with a as (select * from b), b as (select 1) select * from a => select · read · r:b
    with recursive a as (select * from b), b as (select 1) select * from a => select · read
    with a as (select 1) select * from public.a => select · read · r:public.a
    select * from (with a as (select 1) select * from a) x, a => select · read · r:a
    with a as (with b as (select 1) select * from b) select * from a, b => select · read · r:b
    with a as (select 1) select * from orders where id in (select * from a) and x in (with b as (select * from secrets) select * from b) => select · read · r:orders r:secrets
    with d as (delete from orders returning *) select * from d => select · read write · r:orders w:orders
    with i as (insert into orders values (1) returning id) select id from i => select · read write · r:orders w:orders
    with a as materialized (select * from orders) search depth first by id set s select * from a => select · read · r:orders
    with a as (select 1) insert into a select * from a => insert · write · w:a
    with a as (select 1) update a set x = 1 => update · write · w:a
    with a as (select 1) delete from a using a as b => delete · write · w:a
    with a as (select 1) (select * from a union select * from b) => select · read · r:b
    with a as (with a as (select * from a) select * from a) select * from a => select · read · r:a
`,
)

testCases(
  'row locks',
  `
    select * from orders for update => select · read write · r:orders w:orders
    select * from orders for share => select · read write · r:orders w:orders
    select * from orders for no key update nowait => select · read write · r:orders w:orders
    select * from orders o, customers c for update of o => select · read write · r:customers r:orders w:orders
    select * from orders o join customers on true for update of customers skip locked => select · read write · r:customers r:orders w:customers
    select * from (select * from orders) s, customers for update of s => select · read write · r:customers r:orders w:orders
    select * from (select * from orders) s, customers for update => select · read write · r:customers r:orders w:customers w:orders
    select * from orders where id in (select id from secrets) for update => select · read write · r:orders r:secrets w:orders
    select * from orders o join f((select id from secrets)) on true for update => select · read write · r:orders r:secrets w:orders · f:unknown
    select (select 1 from orders for update) => select · read write · r:orders w:orders
`,
)

testCases(
  'SELECT INTO',
  `
    select * into copies from orders => select · define read write · r:orders w:copies
    select * into temp copies from orders => select · define read write · r:orders w:copies · - · pin reason=temporary table
    select * into unlogged other.copies from orders => select · define read write · r:orders w:other.copies
`,
)
