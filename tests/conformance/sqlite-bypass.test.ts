// What a reader of the one table orders must not get past the grants, judged without a server. The doors run the same file.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { judge, NO_RULES } from '@articdbm/firewall'
import { analyze } from '@articdbm/sql'
import { bypassTries } from '../support/bypass.ts'

const TRIES = bypassTries('sqlite')

const GRANT = {
  id: 'g',
  principalId: 'p',
  databaseId: 'd',
  schema: '',
  table: 'orders',
  actions: ['read' as const],
  validUntil: null,
}

/** Grants alone: with injection detection off, nothing else may be what refuses. */
function ruleFor(sql: string): string {
  const analysis = analyze(sql, 'sqlite')
  return judge({
    analysis,
    statements: analysis.statements,
    person: 'ada',
    principalId: 'p',
    database: { name: 'shop', defaultSchema: 'main' },
    grants: [GRANT],
    policy: { mode: 'enforce', sqlInjectionDetection: false, blockDefaultResources: true },
    rules: NO_RULES,
    learnt: undefined,
    maskings: [],
    bypasses: [],
    nowMs: 0,
    isProbe: false,
  }).rule
}

test('the tries are many and each has its own id', () => {
  assert.ok(TRIES.length >= 100)
  assert.equal(new Set(TRIES.map(({ id }) => id)).size, TRIES.length)
})

for (const { id, sql, why } of TRIES) {
  test(`${id} is refused: ${why}`, () => {
    assert.notEqual(ruleFor(sql), '', sql.slice(0, 200))
  })
}

const ALLOWED = [
  'select * from orders',
  'SELECT * FROM main."Orders" AS o',
  'with secrets as (select * from orders) select * from secrets',
  "select upper(note), count(*) over () from orders where id in (1, ?) or note like 'a%' limit 10",
  'select * from orders o join orders p on o.id = p.id where exists (select 1 from orders)',
  "select * from orders, json_each(orders.note) where note <> 'from secrets'",
  'select "secrets" from orders',
  'pragma table_info(orders)',
  'pragma foreign_keys',
  'begin; select * from orders; commit',
  'explain query plan select * from orders',
  'select date(), random()',
]

for (const sql of ALLOWED) {
  test(`a reader of orders may: ${sql}`, () => assert.equal(ruleFor(sql), ''))
}
