// Our reading of SQLite against SQLite's own: what its authorizer says a statement touches, we said before.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { constants, DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { analyze, type Relation } from '@articdbm/sql'

const SCRATCH = `
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER, note TEXT, a, b);
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT UNIQUE, a, b);
  CREATE TABLE secrets(id INTEGER PRIMARY KEY, code TEXT, a, b);
  CREATE TABLE journal(id, note);
  CREATE TABLE one(x);
  CREATE VIEW open_orders AS SELECT id, note FROM orders;
  CREATE INDEX orders_note ON orders(note);
  CREATE TRIGGER journalled AFTER DELETE ON journal BEGIN SELECT 1; END;
  CREATE VIRTUAL TABLE docs USING fts5(body);`

interface Touched {
  readonly name: string
  readonly access: 'read' | 'write'
}

const WRITES = new Set<number>([
  constants.SQLITE_INSERT,
  constants.SQLITE_UPDATE,
  constants.SQLITE_DELETE,
  constants.SQLITE_CREATE_TABLE,
  constants.SQLITE_CREATE_TEMP_TABLE,
  constants.SQLITE_CREATE_VIEW,
  constants.SQLITE_CREATE_TEMP_VIEW,
  constants.SQLITE_DROP_TABLE,
  constants.SQLITE_DROP_VIEW,
])
const WRITES_SECOND = new Set<number>([
  constants.SQLITE_CREATE_INDEX,
  constants.SQLITE_CREATE_TRIGGER,
  constants.SQLITE_CREATE_TEMP_TRIGGER,
  constants.SQLITE_DROP_INDEX,
  constants.SQLITE_DROP_TRIGGER,
  constants.SQLITE_ALTER_TABLE,
])

/** What SQLite compiles a text's first statement to; undefined where it refuses. */
function touchedBySqlite(database: DatabaseSync, sql: string): readonly Touched[] | undefined {
  const touched: Touched[] = []
  database.setAuthorizer((action, ...names) => {
    touched.push(...touchOf(action, names))
    return constants.SQLITE_OK
  })
  try {
    database.prepare(sql)
    return touched
  } catch {
    return undefined
  } finally {
    database.setAuthorizer(null)
  }
}

function touchOf(action: number, names: readonly (string | null)[]): readonly Touched[] {
  const [first, second, , via] = names
  // What a view or trigger reads is its author's doing; a CTE's or subquery's name is no view's.
  const isBehind = via !== null && ['open_orders', 'journalled'].includes(via ?? '')
  if (isBehind) return []
  if (action === constants.SQLITE_READ) return named(first, 'read')
  if (WRITES.has(action)) return named(first, 'write')
  return WRITES_SECOND.has(action) ? named(second, 'write') : []
}

function named(name: string | null | undefined, access: Touched['access']): readonly Touched[] {
  return typeof name === 'string' ? [{ name: name.toLowerCase(), access }] : []
}

/** To define something, SQLite reads and writes its own tables. */
function isBookkeeping(sql: string, { name }: Touched): boolean {
  return name.startsWith('sqlite_') && /^(?:create|drop|alter|analyze|reindex)/.test(sql)
}

function covers(relations: readonly Relation[], { name, access }: Touched): boolean {
  return relations.some(
    (relation) =>
      (relation.name.replace('_schema', '_master') === name ||
        relation.name === '*' ||
        isArgument(name)) &&
      (relation.access === 'write' || access === 'read'),
  )
}

/** Table-valued functions show as tables. */
function isArgument(name: string): boolean {
  return /^(?:json_|pragma_)/.test(name)
}

function open(): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec(SCRATCH)
  return database
}

const STATEMENTS = `
select * from orders
select o.id from orders as o, customers c where o.customer_id = c.id
select * from "orders", 'customers', [secrets], \`one\`
select * from main.orders
select * from (orders join customers on 1)
select * from ((select * from orders) join (select id as i from customers) on 1)
select * from orders natural join customers left join secrets using (id)
select * from orders full outer join customers on orders.id = customers.id
select * from orders cross join one inner join secrets on 1
select * from orders o right join secrets s on o.id = s.id
select (select code from secrets limit 1)
select exists (select 1 from secrets), not exists (select 1 from orders)
select 1 where 1 in one
select 1 where 1 not in main.one
select 1 where (1, 2) in (select id, a from secrets)
select 1 where 1 in (select x from one union select id from secrets)
select case when (select 1 from secrets) then (select 1 from orders) else (select 1 from one) end
select * from orders order by (select code from secrets)
select * from orders limit (select count(*) from secrets)
select * from orders limit 1 offset (select count(*) from one)
select count(*) from orders group by (select a from secrets) having (select b from customers)
select sum((select count(*) from secrets)) from orders
select sum(a) filter (where a in (select a from secrets)) over (partition by (select 1 from one)) from orders
select rank() over w from orders window w as (partition by a order by (select a from secrets))
select group_concat(note order by (select code from secrets)) from orders
select * from orders where note like (select code from secrets) escape '\\'
select * from orders where id between (select 1 from one) and (select 2 from secrets)
select * from orders where (select a from one) is not distinct from (select a from secrets)
select cast((select code from secrets) as text)
select coalesce((select code from secrets), (select name from customers))
select * from orders union select id, id, id, id, id from secrets
select id from orders except select id from secrets intersect select x from one
select * from orders union all values (1, 2, 3, 4, (select code from secrets))
values ((select code from secrets)), ((select note from orders))
with a as (select * from orders) select * from a
with orders as (select * from secrets) select * from orders
with orders as (select 1), x as (select * from orders) select * from x, main.orders
with a as (select * from b), b as (select * from secrets) select * from a
with a as (select 1), b as (with a as (select * from secrets) select * from a) select * from b
with a as (select 1) select * from (with a as (select * from secrets) select * from a), a
with recursive n(i) as (select 1 union all select i + 1 from n where i < (select max(id) from orders)) select * from n
with recursive n(i) as (select id from secrets union select i from n join orders on i = id) select * from n
with a as materialized (select * from orders), b as not materialized (select * from secrets) select * from a, b
with secrets as (select 1 as id) select 1 in secrets, 1 in main.one
with x as (select code from secrets) insert into journal select 1, code from x
with orders as (select 1) delete from orders
with orders as (select 1 as id) update orders set note = 1
with one as (select 1 as x) delete from orders where id in one
select * from json_each((select note from orders))
select * from orders, json_each(orders.note) j, json_tree('{}')
select * from open_orders
select * from open_orders join customers on 1
select * from docs where docs match 'x'
select highlight(docs, 0, '<', '>') from docs
select * from sqlite_schema
select * from sqlite_master, sqlite_temp_master
select name from pragma_table_info('orders')
select * from pragma_table_list
insert into orders values (1, 2, 3, 4, 5)
insert into orders (id) values ((select id from secrets))
insert into orders (id) select id from customers
insert or replace into orders (id) select x from one
insert or ignore into main.orders as o (id) values (1)
replace into customers values (1, 'x', 3, 4)
insert into orders default values
insert into orders (id) values (1) returning *, (select code from secrets)
insert into orders (id) values (1) on conflict (id) do update set note = (select code from secrets) where a = 1
insert into orders (id) values (1) on conflict (id) do nothing
insert into customers (name) values ('x') on conflict (name) do update set a = excluded.a on conflict do nothing
insert into orders (id) with s as (select id from secrets) select id from s
insert into orders (id) select id from secrets union select x from one order by 1
insert into docs values ('x')
insert into journal select * from (values (1, 2))
update orders set note = 'x'
update orders set note = (select code from secrets) where id in (select x from one)
update orders set (note, a) = (select code, a from secrets)
update orders set note = name from customers where customers.id = customer_id
update orders as o set note = s.code from (select * from secrets) s join one on 1
update or ignore main.orders set a = 1 returning (select code from secrets)
update orders set a = b, b = a where note is null returning id
delete from orders
delete from orders where id = 1 returning *
delete from main.orders as o where exists (select 1 from secrets where secrets.id = o.id)
delete from journal where id in (select id from orders)
create table fresh (id, note text default 'x')
create table fresh (id integer primary key, order_id references orders (id))
create table fresh as select * from secrets
create table if not exists main.fresh as with s as (select * from secrets) select * from s
create temp table fresh as select * from orders
create temporary table fresh (x)
create view fresh as select * from secrets
create view fresh (a) as select id from orders union select id from secrets
create index fresh on orders (a, b desc)
create unique index fresh on orders (lower(note)) where id > 0
create trigger fresh after insert on orders begin delete from secrets; end
create trigger fresh instead of insert on open_orders begin insert into orders (id) select id from secrets; end
create temp trigger fresh before update of note on orders when new.id > 1 begin select raise(abort, 'x'); end
drop table orders
drop table if exists main.secrets
drop view open_orders
drop index orders_note
drop trigger journalled
alter table orders rename to sold
alter table orders rename column note to remark
alter table orders add column c default 1
alter table orders drop column b
explain select * from secrets
explain query plan select * from orders join secrets on 1
explain delete from orders
begin
savepoint x
pragma user_version
analyze
reindex orders
select 1
`
  .trim()
  .split('\n')

describe('a statement of ours', () => {
  test('is one of more than a hundred', () => assert.ok(STATEMENTS.length >= 100))

  for (const sql of STATEMENTS) {
    test(`touches no more than we said: ${sql}`, () => {
      const { statements } = analyze(sql, 'sqlite')
      assert.deepEqual(statements.map(({ why }) => why).join(), '')
      const database = open()
      const touched = touchedBySqlite(database, sql)
      database.close()
      assert.ok(touched !== undefined, 'SQLite refuses it')
      const relations = statements.flatMap((statement) => statement.relations)
      // EXPLAIN shows what would be written and writes nothing.
      const isShown = sql.startsWith('explain')
      const asked = touched.map((touch) =>
        isShown ? { ...touch, access: 'read' as const } : touch,
      )
      assert.deepEqual(
        asked.filter((touch) => !isBookkeeping(sql, touch) && !covers(relations, touch)),
        [],
      )
    })
  }
})

describe('what SQLite refuses or accepts', () => {
  const corpus: readonly { readonly id: string; readonly sql: string; readonly valid?: boolean }[] =
    readFileSync(new URL('../corpus/bypass/sqlite.jsonl', import.meta.url), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))

  test('the keywords that are names are the same', () => {
    const database = open()
    for (const keyword of KEYWORDS) {
      const sql = `create view main.${keyword} as select 1`
      const isName = touchedBySqlite(database, sql) !== undefined
      assert.equal(analyze(sql, 'sqlite').isComplete, isName, keyword)
      const aliased = `select 1 ${keyword} from one`
      const isAlias = touchedBySqlite(database, aliased) !== undefined
      assert.equal(analyze(aliased, 'sqlite').isComplete, isAlias, aliased)
    }
    database.close()
  })

  test('every built-in function is classified', () => {
    const database = open()
    const rows = database.prepare('select distinct name from pragma_function_list').all()
    const names = rows.map(({ name }) => String(name))
    const unknown = names.filter((name) => {
      const call = `select "${name}"(1)`
      return analyze(call, 'sqlite').statements[0]?.functions[0]?.danger === 'unknown'
    })
    assert.deepEqual(unknown, [])
    database.close()
  })

  for (const { id, sql, valid = true } of corpus) {
    test(`${id} is ${valid ? '' : 'not '}SQLite's language`, () => {
      const database = open()
      const first = analyze(sql, 'sqlite').statements[0]?.text ?? sql
      assert.equal(isLanguage(database, first), valid, first.slice(0, 200))
      database.close()
    })
  }
})

/** Unknown names are no matter of language. */
function isLanguage(database: DatabaseSync, sql: string): boolean {
  try {
    database.prepare(sql)
    return true
  } catch (error) {
    return !/syntax error|incomplete input|unrecognized token/.test(String(error))
  }
}

const KEYWORDS =
  `abort action add after all alter always analyze and as asc attach autoincrement before begin between by cascade case
cast check collate column commit conflict constraint create cross current current_date current_time current_timestamp
database default deferrable deferred delete desc detach distinct do drop each else end escape except exclude exclusive
exists explain fail filter first following for foreign from full generated glob group groups having if ignore immediate in
index indexed initially inner insert instead intersect into is isnull join key last left like limit match materialized
natural no not nothing notnull null nulls of offset on or order others outer over partition plan pragma preceding primary
query raise range recursive references regexp reindex release rename replace restrict returning right rollback row rows
savepoint select set table temp temporary then ties to transaction trigger unbounded union unique update using vacuum
values view virtual when where window with without`.split(/\s+/)
