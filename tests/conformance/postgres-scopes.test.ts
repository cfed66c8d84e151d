// Which tables a query reads, by us and by PostgreSQL: a view's dependencies are the server's own answer.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { analyze, loadGrammars } from '@articdbm/sql'
import fc from 'fast-check'
import pg from 'pg'

const url = process.env.TEST_POSTGRES_URL
const skip = url === undefined ? 'TEST_POSTGRES_URL is not set' : false
const SCHEMA = `scopes_${process.pid}`
const RUNS = 400

// Names are few, so that tables and common table expressions often share one.
const name = fc.constantFrom('a', 'b', 'c')

interface Shapes {
  readonly query: string
  readonly item: string
}

/** `@` stands for the alias in an item. */
const as = (item: string, alias: string): string => item.replaceAll('@', alias)

const { query } = fc.letrec((tie: fc.LetrecTypedTie<Shapes>) => {
  const one = tie('query')
  const two = fc.tuple(tie('query'), tie('query'))
  const from = tie('item').map((item) => `select 1 as x from ${as(item, 'p')}`)
  return {
    query: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      from,
      fc.tuple(from, tie('item')).map(([select, item]) => `${select}, ${as(item, 'q')}`),
      fc
        .tuple(tie('item'), one)
        .map(([item, inner]) => `select (${inner} limit 1) as x from ${as(item, 'p')}`),
      fc.tuple(from, one).map(([select, inner]) => `${select} where exists (${inner})`),
      two.map(([left, right]) => `(${left}) union all (${right})`),
      fc.tuple(name, two).map(([cte, [inner, outer]]) => `with ${cte} as (${inner}) ${outer}`),
      fc
        .tuple(
          fc.constantFrom('', 'recursive '),
          fc.shuffledSubarray(['a', 'b', 'c'], { minLength: 2 }),
          two,
          one,
        )
        .map(
          ([recursive, [first, second], [inner, other], outer]) =>
            `with ${recursive}${first} as (${inner}), ${second} as (${other}) ${outer}`,
        ),
      fc
        .tuple(name, from, one)
        .map(
          ([cte, select, outer]) =>
            `with recursive ${cte} as (${select} union select r.x + 1 from ${cte} r where r.x < 3) ${outer}`,
        ),
    ),
    item: fc.oneof(
      { maxDepth: 5 },
      name.map((table) => `${table} as @`),
      name.map((table) => `${SCHEMA}.${table} as @`),
      one.map((inner) => `(${inner}) as @`),
      fc
        .tuple(name, one)
        .map(([table, inner]) => `${table} as @ join lateral (${inner}) as @l on true`),
    ),
  }
})

const DEPENDENCIES = `
  select distinct c.relname from pg_depend d
    join pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
    join pg_class c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid
   where r.ev_class = 'probe'::regclass and c.relname <> 'probe' order by 1`

let client: pg.Client

before(async () => {
  if (url === undefined) return
  await loadGrammars()
  client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`create schema ${SCHEMA}; set search_path = ${SCHEMA}`)
  await client.query('create table a (x int); create table b (x int); create table c (x int)')
})

after(async () => {
  await client?.query(`drop schema ${SCHEMA} cascade`)
  await client?.end()
})

/** The tables that the server found in the query, or undefined where it refuses it. */
async function tablesByServer(text: string): Promise<readonly string[] | undefined> {
  try {
    await client.query(`create view probe as ${text}`)
  } catch {
    return undefined
  }
  const { rows } = await client.query<{ relname: string }>(DEPENDENCIES)
  await client.query('drop view probe')
  return rows.map(({ relname }) => relname)
}

function tablesByUs(text: string): readonly string[] {
  const { statements } = analyze(text, 'postgres')
  const names = statements.flatMap(({ relations }) => relations.map((relation) => relation.name))
  return [...new Set(names)].sort()
}

test('tables are told from common table expressions as the server does', {
  skip,
}, async (context) => {
  let compared = 0
  const property = fc.asyncProperty(query, async (text) => {
    const theirs = await tablesByServer(text)
    if (theirs === undefined) return
    compared++
    assert.deepEqual(tablesByUs(text), theirs, text)
  })
  await fc.assert(property, { numRuns: RUNS })
  context.diagnostic(`${compared} of ${RUNS} queries were valid`)
  assert.ok(compared > RUNS / 4)
})
