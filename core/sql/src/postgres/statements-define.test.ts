import { testCases } from './summary.test.ts'

testCases(
  'a definition',
  `
    create table copies (id int primary key, x text default lower('A') check (x <> '')) => create table · define write · w:copies · lower:safe
    create table if not exists other.copies (id serial) => create table · define write · w:other.copies
    create table copies (id int references customers (id), foreign key (x) references other.secrets) => create table · define read write · r:customers r:other.secrets w:copies
    create table copies (like secrets including all) => create table · define read write · r:secrets w:copies
    create table copies () inherits (orders) => create table · define write · w:copies w:orders
    create table copies partition of orders for values from (1) to (maxvalue) => create table · define write · w:copies w:orders
    create table copies (id int generated always as (f(x)) stored) partition by range (lower(x)) => create table · define write · w:copies · f:unknown lower:safe
    create temp table copies (id int) => create table · define write · w:copies · - · pin reason=temporary table
    create temporary table pg_temp.copies (id int) => create table · define write · w:pg_temp.copies · - · pin reason=temporary table
    create table pg_temp.copies (id int) => create table · define write · w:pg_temp.copies · - · pin reason=temporary table
    create unlogged table copies (id int) with (fillfactor = 70) tablespace t => create table · define write · w:copies
    create table copies as select * from orders => create table as · define read write · r:orders w:copies
    create temp table copies as select * from orders => create table as · define read write · r:orders w:copies · - · pin reason=temporary table
    create table copies as with d as (delete from orders returning *) select * from d => create table as · define read write · r:orders w:copies w:orders
    create materialized view m as select * from orders with no data => create materialized view · define read write · r:orders w:m
    create view v as select * from orders => create view · define read write · r:orders w:v
    create or replace view other.v (a) with (security_barrier) as select id from orders with check option => create view · define read write · r:orders w:other.v
    create recursive view v (n) as select 1 union all select n + 1 from v => create view · define write · w:v
    create temp view v as select 1 => create view · define write · w:v · - · pin reason=temporary table
    refresh materialized view concurrently m => refresh materialized view · define write · w:m
    alter table orders add column x int default f() => alter table · define write · w:orders · f:unknown
    alter table only orders drop column x cascade => alter table · define write · w:* w:orders
    alter table if exists other.orders alter column x type int using (lower(y))::int => alter table · define write · w:other.orders · lower:safe
    alter table orders add constraint k foreign key (x) references secrets (id) => alter table · define read write · r:secrets w:orders
    alter table orders inherit customers => alter table · define write · w:customers w:orders
    alter table orders attach partition customers for values in (1) => alter table · define write · w:customers w:orders
    alter table orders detach partition customers => alter table · define write · w:customers w:orders
    alter table orders owner to boss => alter table · define write · w:orders
    alter table orders enable row level security => alter table · define write · w:orders
    alter table orders replica identity using index i => alter table · define write · w:orders
    alter table orders set (fillfactor = 70) => alter table · define write · w:orders
    alter table orders rename to secrets => alter table · define write · w:orders w:secrets
    alter table orders rename column a to b => alter table · define write · w:orders
    alter table orders rename constraint a to b => alter table · define write · w:orders
    alter table orders set schema other => alter table · define write · w:orders w:other.orders
    alter index i rename to j => alter index · define write · w:i w:j
    alter view v alter column a set default 1 => alter view · define write · w:v
    alter view v rename to w => alter view · define write · w:v w:w
    alter sequence s restart with 5 owned by orders.id => alter sequence · define write · w:s
    alter materialized view m rename to n => alter materialized view · define write · w:m w:n
    alter type t rename to u => alter type · define write · w:*
    alter function f() rename to g => alter function · define write · w:*
    alter trigger t on orders rename to u => alter trigger · define write · w:orders
    create index i on orders (lower(note), (f(x)) desc) include (y) where x > 1 => create index · define write · w:orders · lower:safe f:unknown
    create unique index concurrently on other.orders using btree (id) => create index · define write · w:other.orders
    create sequence s owned by orders.id => create sequence · define write · w:s
    create temp sequence s => create sequence · define write · w:s · - · pin reason=temporary table
    create statistics st on a, b from orders => create statistics · define write · w:orders
    create policy p on orders using (exists (select 1 from secrets)) => create policy · define read write · r:secrets w:orders
    alter policy p on orders with check (true) => alter policy · define write · w:orders
    drop policy p on orders => drop policy · define write · w:orders
    drop table orders => drop table · define write · w:orders
    drop table if exists orders, other.customers => drop table · define write · w:orders w:other.customers
    drop table orders cascade => drop table · define write · w:* w:orders
    drop view v => drop view · define write · w:v
    drop materialized view m => drop materialized view · define write · w:m
    drop index i, other.j => drop index · define write · w:i w:other.j
    drop sequence s => drop sequence · define write · w:s
    drop foreign table f => drop foreign table · define write · w:f
    drop trigger t on orders => drop trigger · define write · w:orders
    drop rule r on other.orders => drop rule · define write · w:other.orders
    drop function f(int) => drop function · define write · w:*
    drop schema other cascade => drop schema · define write · w:*
    drop type t => drop type · define write · w:*
    drop extension e => drop extension · define write · w:*
    drop operator + (int, int) => drop operator · define write · w:*
    comment on table orders is 'x' => comment on · define write · w:orders
    comment on column other.orders.id is 'x' => comment on · define write · w:other.orders
    comment on function f() is 'x' => comment on · define write · w:*
    security label for p on table orders is 'x' => security label · define write · w:orders
    vacuum orders => vacuum · define write · w:orders
    vacuum (full, analyze) other.orders (id) => vacuum · define write · w:other.orders
    vacuum => vacuum · define write · w:*
    analyze orders => analyze · define write · w:orders
    analyze => analyze · define write · w:*
    cluster orders using i => cluster · define write · w:orders
    cluster => cluster · define write · w:*
    reindex table orders => reindex · define write · w:orders
    reindex index i => reindex · define write · w:i
    reindex database shop => reindex · define write · w:*
    lock table orders in access exclusive mode => lock table · write · w:orders
    lock orders, other.customers nowait => lock table · write · w:orders w:other.customers
`,
)

testCases(
  'a statement that may touch anything',
  `
    do $$ begin delete from secrets; end $$ => do · define write · w:*
    do language plpgsql 'begin end' => do · define write · w:*
    call p(1) => call · define write · w:* · p:unknown
    call p((select 1 from secrets)) => call · define read write · r:secrets w:* · p:unknown
    create function f() returns int language sql as 'select 1' => create function · define write · w:*
    create or replace procedure p() language sql begin atomic select 1; end => create procedure · define write · w:*
    create aggregate a (int) (sfunc = f, stype = int) => create aggregate · define write · w:*
    create trigger t after insert on orders for each row execute function f() => create trigger · define write · w:*
    create rule r as on select to orders do instead select * from secrets => create rule · define write · w:*
    create event trigger e on ddl_command_start execute function f() => create event trigger · define write · w:*
    create extension dblink => create extension · define write · w:*
    create server s foreign data wrapper w => create server · define write · w:*
    create foreign table f (id int) server s => create foreign table · define write · w:*
    create user mapping for current_user server s => create user mapping · define write · w:*
    import foreign schema x from server s into y => import foreign schema · define write · w:*
    create language plperl => create extension · define write · w:*
    create role boss superuser => create role · define write · w:*
    create user boss password 'x' => create role · define write · w:*
    alter role boss set search_path = other => alter role · define write · w:*
    alter user boss password 'x' => alter role · define write · w:*
    drop role boss => drop role · define write · w:*
    grant select on orders to boss => grant · define write · w:*
    grant boss to me => grant · define write · w:*
    revoke all on orders from boss => revoke · define write · w:*
    alter default privileges grant select on tables to boss => alter default privileges · define write · w:*
    reassign owned by a to b => reassign owned · define write · w:*
    drop owned by a => drop owned · define write · w:*
    create schema other create table t (id int) => create schema · define write · w:*
    create type t as (a int) => create type · define write · w:*
    create type t as enum ('a') => create type · define write · w:*
    create type t as range (subtype = int) => create type · define write · w:*
    create domain d as int check (f(value)) => create domain · define write · w:*
    create operator @@@ (leftarg = int, rightarg = int, function = f) => create operator · define write · w:*
    create cast (int as text) with function f(int) => create cast · define write · w:*
    create collation c (locale = 'C') => create collation · define write · w:*
    create conversion c for 'UTF8' to 'LATIN1' from f => create conversion · define write · w:*
    create text search dictionary d (template = simple) => create text search dictionary · define write · w:*
    create publication p for all tables => create publication · define write · w:*
    create subscription s connection 'host=x' publication p => create subscription · define write · w:*
    create database d => create database · define write · w:*
    drop database d => drop database · define write · w:*
    alter database d set x = 1 => alter database · define write · w:*
    create tablespace t location '/x' => create tablespace · define write · w:*
    alter system set x = 1 => alter system · define write · w:*
    load 'x' => load · define write · w:*
    checkpoint => checkpoint · define write · w:*
    create access method m type index handler h => create access method · define write · w:*
    create operator class c for type int using btree as operator 1 < => create operator class · define write · w:*
    alter extension e update => alter extension · define write · w:*
    alter domain d drop not null => alter domain · define write · w:*
    alter type t add value 'x' => alter type · define write · w:*
    prepare transaction 'x' => prepare transaction · control define write · w:* · - · commit
    commit prepared 'x' => commit prepared · control define write · w:*
    rollback prepared 'x' => rollback prepared · control define write · w:*
`,
)
