import { testCases } from './cases.fixture.ts'

testCases(
  'INSERT, UPDATE, DELETE: the table is changed, and read where something comes back',
  `
    insert into orders values (1, 2), (3, null) => insert · write · w:orders
    insert into orders (id, note) values (?, ?) on conflict (id) where id > 0 do update set note = excluded.note, (a, b) = (1, 2) where true on conflict do nothing => insert · write · w:orders
    insert or ignore into main.orders as o select id from customers where true on conflict do nothing => insert · read write · r:customers w:main.orders
    insert into orders default values => insert · write · w:orders
    insert into orders (id) values (1) returning id as x, * => insert · read write · r:orders w:orders
    replace into orders values (1) => replace · write · w:orders
    insert or replace into orders select * from archive => insert · read write · r:archive w:orders
    update orders set note = 'x', (a, b) = (select c, d from prices) where id = 1 => update · read write · r:prices w:orders
    update or rollback main.orders as o indexed by ix set note = c.name from customers c join cities using (id) where c.id = o.customer_id returning o.id => update · read write · r:cities r:customers r:main.orders w:main.orders
    delete from orders => delete · write · w:orders
    delete from main.orders as o where id in (select order_id from returns) returning note => delete · read write · r:main.orders r:returns w:main.orders
    delete from orders not indexed where 1 order by id limit 1 => delete · write · w:orders
`,
)

testCases(
  'definitions',
  `
    create table t (id integer primary key autoincrement, name varchar(20) not null on conflict abort default 'x' collate nocase unique check (length(name) > 0), price decimal(10, 2) default (1 + 2), n int default -1, g text generated always as (name || 'x') stored, h as (n) virtual, constraint c primary key (id desc), foreign key (n) references parents (id) on delete set null on update cascade match full deferrable initially deferred, check (n > 0) unique (id, n) on conflict ignore) strict, without rowid => create table · define write · r:parents w:t · length:safe
    create table t (a, b default null, c double precision references u, d primary key desc) => create table · define write · r:u w:t
    create table if not exists main.t as select * from orders => create table · define read write · r:orders w:main.t
    create temp table t (a) => create table · define write · w:temp.t · - · pin temporary object
    create table temp.t (a) => create table · define write · w:temp.t · - · pin temporary object
    create temporary view v as select * from orders => create view · define read write · r:orders w:temp.v · - · pin temporary object
    create view if not exists v (a, b) as with x as (select * from y) select * from x => create view · define read write · r:y w:v
    create unique index if not exists main.ix on orders (id desc, lower(note) collate nocase) where id > 0 => create index · define write · w:main.orders · lower:safe
    create trigger t after insert on orders begin insert into journal values (new.id); update stock set n = n - 1; delete from queue; select raise(abort, 'no'); end => create trigger · define read write · w:journal w:orders w:queue w:stock
    create trigger if not exists main.t instead of update of a, b on v for each row when new.a > 1 begin select raise(ignore) from w; replace into x values (1); end => create trigger · define read write · r:w w:v w:x
    create temp trigger t before delete on main.orders begin with c as (select 1) select * from c; end => create trigger · define read write · w:main.orders · - · pin temporary object
    create virtual table docs using fts5(body, content='secrets', tokenize = 'porter ascii') => create virtual table · define write · w:* w:docs
    create virtual table if not exists main.r using rtree => create virtual table · define write · w:* w:main.r
    drop table orders => drop table · define write · w:orders
    drop table if exists main.orders => drop table · define write · w:main.orders
    drop view v => drop view · define write · w:v
    drop index ix => drop index · define write · w:*
    drop trigger if exists t => drop trigger · define write · w:*
    alter table orders rename to sold => alter table · define write · w:orders w:sold
    alter table main.orders rename column a to b => alter table · define write · w:main.orders
    alter table orders rename a to b => alter table · define write · w:orders
    alter table orders add column c text not null default 'x' references d => alter table · define write · r:d w:orders
    alter table orders add c => alter table · define write · w:orders
    alter table orders drop column c => alter table · define write · w:orders
    alter table orders add constraint x check (a > 0) => alter table · define write · w:orders
    alter table orders drop constraint x => alter table · define write · w:orders
    alter table orders alter column a set not null => alter table · define write · w:orders
`,
)
