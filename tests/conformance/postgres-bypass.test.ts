// What a reader of public.orders must not get past the grants, judged without a server. The doors run the same file.
import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { judge, NO_RULES } from '@articdbm/firewall'
import { analyze, loadGrammars, type Statement } from '@articdbm/sql'
import { bypassTries } from '../support/bypass.ts'

const TRIES = bypassTries('postgres')

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
function rulesFor(requests: readonly string[]): readonly string[] {
  const prepared = new Map<string, Statement>()
  return requests.map((sql) => {
    const analysis = analyze(sql, 'postgres')
    for (const statement of analysis.statements) {
      for (const effect of statement.session) {
        if (effect.kind === 'prepare' && effect.prepared !== undefined) {
          prepared.set(effect.name, effect.prepared)
        }
      }
    }
    return judge({
      analysis,
      statements: analysis.statements.flatMap((statement) => executed(statement, prepared)),
      person: 'ada',
      principalId: 'p',
      database: { name: 'shop', defaultSchema: 'public' },
      grants: [GRANT],
      policy: { mode: 'enforce', sqlInjectionDetection: false, blockDefaultResources: true },
      rules: NO_RULES,
      learnt: undefined,
      maskings: [],
      bypasses: [],
      nowMs: 0,
      isProbe: false,
    }).rule
  })
}

function executed(statement: Statement, prepared: Map<string, Statement>): readonly Statement[] {
  return [
    statement,
    ...statement.session.flatMap((effect) =>
      effect.kind === 'execute' ? (prepared.get(effect.name) ?? []) : [],
    ),
  ]
}

before(loadGrammars)

test('the tries are many and each has its own id', () => {
  assert.ok(TRIES.length >= 80)
  assert.equal(new Set(TRIES.map(({ id }) => id)).size, TRIES.length)
})

for (const { id, sql, why, setup = [] } of TRIES) {
  test(`${id} is refused: ${why}`, () => {
    const rules = rulesFor([...setup, sql])
    assert.ok(
      rules.some((rule) => rule !== ''),
      [...setup, sql.slice(0, 200)].join('\n'),
    )
  })
}

const ALLOWED = [
  'select * from orders',
  'table only public.orders',
  'with o as (select * from orders) select * from o',
  'select lower(note), count(*) over () from orders where id = any ($1) order by 1 limit 10',
  'prepare p as select * from orders; execute p',
  'begin read only; declare c cursor for select * from orders; fetch all from c; commit',
  'copy (select * from orders) to stdout',
  'explain analyze select * from orders',
  "set local statement_timeout = '5s'; show all",
]

for (const sql of ALLOWED) {
  test(`a reader of orders may: ${sql}`, () => {
    assert.deepEqual(rulesFor([sql]), [''])
  })
}
