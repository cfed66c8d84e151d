import { testCases } from './summary.test.ts'

testCases(
  'a change',
  `
    insert into orders values (1) => insert · write · w:orders
    insert into orders default values => insert · write · w:orders
    insert into orders (id) select id from customers => insert · read write · r:customers w:orders
    insert into orders as o values (1) on conflict (id) do update set x = (select 1 from secrets) where o.id > 1 => insert · read write · r:secrets w:orders
    insert into orders values (1) on conflict (lower(note)) where (x > 1) do nothing => insert · write · w:orders · lower:safe
    insert into orders values (1) on conflict on constraint k do nothing => insert · write · w:orders
    insert into orders values (1) returning * => insert · read write · r:orders w:orders
    insert into orders values (1) returning (select max(id) from secrets) => insert · read write · r:orders r:secrets w:orders · max:safe
    insert into orders (id) overriding system value values (default) => insert · write · w:orders
    insert into orders values ((select 1 from secrets)) => insert · read write · r:secrets w:orders
    insert into other.orders table customers => insert · read write · r:customers w:other.orders
    insert into orders with a as (select * from secrets) select * from a => insert · read write · r:secrets w:orders
    update orders set x = 1 => update · write · w:orders
    update only orders set x = 1 where id = 1 => update · write · w:orders
    update orders set x = x + 1 returning id => update · read write · r:orders w:orders
    update orders set x = s.x from secrets s where s.id = orders.id => update · read write · r:secrets w:orders
    update orders set (a, b) = (select 1, 2 from secrets) => update · read write · r:secrets w:orders
    update orders set (a, b) = row(1, default) => update · write · w:orders
    update orders set x = 1 where current of c => update · write · w:orders
    update orders o set x = (select 1 from secrets) => update · read write · r:secrets w:orders
    update orders set x[1] = 2 => update · write · w:orders
    update pg_settings set setting = 'x' where name = 'role' => update · write · w:pg_settings · - · set scope=session name=* value=undefined
    update pg_catalog.pg_settings set setting = 'x' => update · write · w:pg_catalog.pg_settings · - · set scope=session name=* value=undefined
    delete from orders => delete · write · w:orders
    delete from only orders where id = 1 => delete · write · w:orders
    delete from orders using secrets where secrets.id = orders.id => delete · read write · r:secrets w:orders
    delete from orders where id in (select id from secrets) returning id => delete · read write · r:orders r:secrets w:orders
    with a as (select * from secrets) delete from orders using a where a.id = orders.id => delete · read write · r:secrets w:orders
    merge into orders o using customers c on o.id = c.id when matched then delete => merge · read write · r:customers w:orders
    merge into orders o using (select * from customers) c on o.id = c.id when matched and c.x > (select 1 from secrets) then update set x = 1 when not matched then insert (id) values (c.id) => merge · read write · r:customers r:secrets w:orders
    with c as (select 1 as id) merge into orders using c on c.id = orders.id when matched then do nothing => merge · write · w:orders
    merge into orders using c on c.id = orders.id when matched then delete returning merge_action(), * => merge · read write · r:c r:orders w:orders
    truncate orders => truncate · define write · w:orders
    truncate table only orders, other.customers restart identity => truncate · define write · w:orders w:other.customers
    truncate orders cascade => truncate · define write · w:* w:orders
`,
)

testCases(
  'COPY',
  `
    copy orders to stdout => copy · read · r:orders · - · copy direction=out
    copy orders (id, note) to stdout with (format csv, header true) => copy · read · r:orders · - · copy direction=out
    copy (select * from orders) to stdout => copy · read · r:orders · - · copy direction=out
    copy (delete from orders returning *) to stdout => copy · read write · r:orders w:orders · - · copy direction=out
    copy orders from stdin => copy · write · w:orders · - · copy direction=in
    copy orders from stdin where id > 1 => copy · write · w:orders · - · copy direction=in
    copy orders from stdin with csv delimiter ';' => copy · write · w:orders · - · copy direction=in
    copy orders to '/tmp/x' => copy · define read write · r:orders w:* · copy file:danger
    copy orders from '/etc/passwd' => copy · define write · w:* w:orders · copy file:danger
    copy orders to program 'cat' => copy · define read write · r:orders w:* · copy program:danger
    copy orders from program 'id' => copy · define write · w:* w:orders · copy program:danger
    copy (select 1) to program 'sh' => copy · define write · w:* · copy program:danger
`,
)

testCases(
  'EXPLAIN',
  `
    explain select * from orders => explain · read · r:orders
    explain verbose select * from orders => explain · read · r:orders
    explain (costs off, verbose) select * from orders => explain · read · r:orders
    explain delete from orders => explain · read · r:orders
    explain insert into orders select * from customers => explain · read · r:customers r:orders
    explain analyze select * from orders => explain · read · r:orders
    explain analyze delete from orders => explain · read write · w:orders
    explain (analyze) delete from orders => explain · read write · w:orders
    explain (analyze true) delete from orders => explain · read write · w:orders
    explain (analyze on, buffers) delete from orders => explain · read write · w:orders
    explain (analyze 1) delete from orders => explain · read write · w:orders
    explain (analyze false) delete from orders => explain · read · r:orders
    explain (analyze off) delete from orders => explain · read · r:orders
    explain (analyze 0) delete from orders => explain · read · r:orders
    explain (analyze false, analyze) delete from orders => explain · read write · w:orders
    explain ("analyze") delete from orders => explain · read write · w:orders
    explain with d as (delete from orders returning *) select * from d => explain · read · r:orders
    explain analyze with d as (delete from orders returning *) select * from d => explain · read write · r:orders w:orders
    explain select pg_sleep(1) => explain · read · - · pg_sleep:danger
    explain execute p(1) => explain · read · - · - · execute name=p
    explain analyze execute p(1) => explain · control read · - · - · execute name=p
    explain create table copies as select * from orders => explain · read · r:copies r:orders
    explain analyze create table copies as select * from orders => explain · define read write · r:orders w:copies
    explain declare c cursor for select * from orders => explain · read · r:orders
`,
)
