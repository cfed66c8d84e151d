import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { type Action, DEFAULT_POLICY, type Dialect, type SnapshotGrant } from '@articdbm/contract'
import { analyze, loadGrammars } from '@articdbm/sql'
import { judge } from './judge.ts'
import { Learner } from './learning/learnt.ts'
import { traitsOf } from './learning/traits.ts'
import { NO_RULES } from './rules/rules.ts'

before(loadGrammars)

const NOW = Date.parse('2026-06-01T00:00:00Z')
const SCHEMAS = { postgres: 'public', mysql: 'shop', sqlite: 'main' } as const

function grant(
  actions: Action[],
  table = '*',
  schema = '*',
  validUntil: string | null = null,
): SnapshotGrant {
  return { id: 'g', principalId: 'p', databaseId: 'd', schema, table, actions, validUntil }
}

function ruleFor(
  dialect: Dialect,
  sql: string,
  grants: readonly SnapshotGrant[],
  isProbe = false,
): string {
  const analysis = analyze(sql, dialect)
  const verdict = judge({
    analysis,
    statements: analysis.statements,
    person: 'ada',
    principalId: 'p',
    database: { name: 'shop', defaultSchema: SCHEMAS[dialect] },
    grants,
    policy: DEFAULT_POLICY,
    rules: NO_RULES,
    learnt: undefined,
    maskings: [],
    bypasses: [],
    nowMs: NOW,
    isProbe,
  })
  return verdict.action === 'allow' ? 'allow' : `${verdict.action} ${verdict.rule}`
}

const DIALECTS: readonly Dialect[] = ['postgres', 'mysql', 'sqlite']
const EVERYTHING = [grant(['read', 'write', 'admin'])]
const READER = [grant(['read'], 'orders', '')]
const WRITER = [grant(['read', 'write'], 'orders', '')]

const NAMES = new Map<readonly SnapshotGrant[], string>([
  [EVERYTHING, 'an admin'],
  [READER, 'a reader'],
  [WRITER, 'a writer'],
])

const EVERYWHERE: readonly (readonly [string, readonly SnapshotGrant[], string])[] = [
  ['SELECT * FROM orders', READER, 'allow'],
  ['SELECT * FROM orders', [], 'block grant.missing'],
  ['SELECT 1', READER, 'allow'],
  ['SELECT 1', [], 'block grant.missing'],
  ['SELECT * FROM customers', READER, 'block grant.missing'],
  ['SELECT * FROM orders, customers', READER, 'block grant.missing'],
  ['SELECT * FROM orders WHERE id IN (SELECT id FROM customers)', READER, 'block grant.missing'],
  ['SELECT * FROM other.orders', READER, 'block grant.missing'],
  ['UPDATE orders SET status = 1', READER, 'block grant.missing'],
  ['UPDATE orders SET status = 1', WRITER, 'allow'],
  ['INSERT INTO orders SELECT * FROM customers', WRITER, 'block grant.missing'],
  ['DELETE FROM orders WHERE id = 1', WRITER, 'allow'],
  ['DROP TABLE orders', WRITER, 'block grant.missing'],
  ['DROP TABLE orders', EVERYTHING, 'allow'],
  ['CREATE TABLE news (id int)', WRITER, 'block grant.missing'],
  ['CREATE TABLE news (id int)', EVERYTHING, 'allow'],
  ['SELECT lower(status) FROM orders', READER, 'allow'],
  ['SELECT mystery(status) FROM orders', READER, 'block function.ungranted'],
  ['SELECT mystery(status) FROM orders', EVERYTHING, 'allow'],
  ['BEGIN', READER, 'allow'],
  ['this is not sql', EVERYTHING, 'block statement.incomplete'],
  ['SELECT * FROM orders WHERE id = 1 OR 1=1', READER, 'block injection.tautology'],
  ['SELECT * FROM orders; DELETE FROM orders', READER, 'block grant.missing'],
  ['/* read */ DELETE FROM orders', READER, 'block grant.missing'],
]

for (const dialect of DIALECTS) {
  for (const [sql, grants, expected] of EVERYWHERE) {
    const name = NAMES.get(grants) ?? 'nobody'
    test(`${dialect}: ${expected} for ${name}: ${sql}`, () => {
      assert.equal(ruleFor(dialect, sql, grants), expected)
    })
  }
}

const BY_DIALECT: readonly (readonly [Dialect, string, readonly SnapshotGrant[], string])[] = [
  ['postgres', 'SELECT * FROM pg_class', READER, 'allow'],
  ['postgres', 'SELECT * FROM pg_catalog.pg_authid', EVERYTHING, 'block resource.blocked'],
  ['postgres', 'SELECT * FROM pg_shadow', EVERYTHING, 'block resource.blocked'],
  ['postgres', 'SELECT * FROM information_schema.tables', READER, 'allow'],
  ['postgres', 'SET search_path = other', READER, 'block setting.refused'],
  ['postgres', 'SET search_path = other', EVERYTHING, 'allow'],
  ['postgres', "SET client_encoding = 'latin1'", EVERYTHING, 'block setting.refused'],
  ['postgres', 'SET standard_conforming_strings = off', EVERYTHING, 'block setting.refused'],
  ['postgres', 'SET ROLE postgres', READER, 'block setting.refused'],
  ['postgres', "SELECT set_config('ro' || 'le', 'x', false)", EVERYTHING, 'block setting.refused'],
  ['postgres', 'SET zero_damaged_pages = on', READER, 'block setting.refused'],
  ['postgres', "SET log_statement = 'none'", READER, 'block setting.refused'],
  ['postgres', "SET log_statement = 'none'", EVERYTHING, 'allow'],
  ['postgres', "SET TIME ZONE 'UTC'", READER, 'allow'],
  ['postgres', "SET NAMES 'latin1'", EVERYTHING, 'block setting.refused'],
  ['postgres', 'SET statement_timeout = 1000', READER, 'allow'],
  ['postgres', "SET LOCAL app.user_id = '7'", READER, 'allow'],
  ['postgres', 'SET enable_seqscan = off', READER, 'allow'],
  ['postgres', 'SET TRANSACTION ISOLATION LEVEL SERIALIZABLE', READER, 'allow'],
  ['postgres', 'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY', READER, 'allow'],
  ['postgres', 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', READER, 'allow'],
  ['postgres', 'SET CONSTRAINTS ALL DEFERRED', READER, 'allow'],
  ['postgres', 'RESET ALL', READER, 'allow'],
  ['postgres', 'RESET statement_timeout', READER, 'allow'],
  ['postgres', 'DISCARD ALL', READER, 'allow'],
  ['postgres', "SELECT pg_read_file('/etc/passwd')", READER, 'block function.dangerous'],
  ['postgres', "SELECT nextval('orders_id_seq')", READER, 'block function.ungranted'],
  ['postgres', 'DO $$ BEGIN DELETE FROM orders; END $$', WRITER, 'block grant.missing'],
  ['mysql', 'SELECT * FROM mysql.user', EVERYTHING, 'block resource.blocked'],
  ['mysql', 'SELECT * FROM information_schema.tables', READER, 'allow'],
  ['mysql', 'SELECT * FROM information_schema.processlist', READER, 'block resource.blocked'],
  ['mysql', 'SET NAMES gbk', EVERYTHING, 'block setting.refused'],
  ['mysql', 'SET NAMES utf8mb4', READER, 'allow'],
  ['mysql', 'SET NAMES latin1', READER, 'allow'],
  ['mysql', 'SET character_set_client = sjis', EVERYTHING, 'block setting.refused'],
  ['mysql', 'SET character_set_client = @a', EVERYTHING, 'block setting.refused'],
  ['mysql', "SET sql_mode = 'ANSI_QUOTES'", EVERYTHING, 'block setting.refused'],
  ['mysql', 'SET GLOBAL max_connections = 1', READER, 'block setting.refused'],
  ['mysql', "SELECT LOAD_FILE('/etc/passwd')", READER, 'block function.dangerous'],
  ['sqlite', 'SELECT * FROM sqlite_master', READER, 'allow'],
  ['sqlite', 'DELETE FROM sqlite_master', EVERYTHING, 'block resource.blocked'],
  ['sqlite', "ATTACH 'x.db' AS x", READER, 'block function.dangerous'],
]

for (const [dialect, sql, grants, expected] of BY_DIALECT) {
  test(`${dialect}: ${expected}: ${sql}`, () => {
    assert.equal(ruleFor(dialect, sql, grants), expected)
  })
}

test('a grant ends at its time', () => {
  const past = [grant(['read'], '*', '*', '2026-05-31T23:59:59.000Z')]
  const future = [grant(['read'], '*', '*', '2026-06-01T00:00:01.000Z')]
  assert.equal(ruleFor('postgres', 'SELECT * FROM orders', past), 'block grant.missing')
  assert.equal(ruleFor('postgres', 'SELECT * FROM orders', future), 'allow')
})

test('names of SQLite are the same in any case, those of PostgreSQL are not', () => {
  const grants = [grant(['read'], 'Orders', '')]
  assert.equal(ruleFor('sqlite', 'SELECT * FROM ORDERS', grants), 'allow')
  assert.equal(ruleFor('postgres', 'SELECT * FROM Orders', grants), 'block grant.missing')
  assert.equal(ruleFor('postgres', 'SELECT * FROM "Orders"', grants), 'allow')
})

test('a schema that is named in a grant is no other', () => {
  const grants = [grant(['read'], 'orders', 'sales')]
  assert.equal(ruleFor('postgres', 'SELECT * FROM sales.orders', grants), 'allow')
  assert.equal(ruleFor('postgres', 'SELECT * FROM orders', grants), 'block grant.missing')
})

test('a connection test asks whether the backend answers, and nothing else', () => {
  assert.equal(ruleFor('postgres', 'SELECT 1', [], true), 'allow')
  assert.equal(ruleFor('postgres', 'SELECT * FROM orders', EVERYTHING, true), 'block probe.only')
  assert.equal(ruleFor('mysql', 'DELETE FROM orders', EVERYTHING, true), 'block probe.only')
})

test('what EXECUTE executes is judged by what was learnt, as it is recorded', () => {
  const known = analyze('SELECT id FROM orders WHERE id = 1', 'postgres')
  const learner = new Learner()
  for (const traits of traitsOf(known)) learner.learn(traits, 1_000)
  const analysis = analyze('EXECUTE one(1)', 'postgres')
  const judged = (executed: string) =>
    judge({
      ...{ analysis, statements: analyze(executed, 'postgres').statements, person: 'ada' },
      ...{ principalId: 'p', database: { name: 'shop', defaultSchema: 'public' } },
      ...{ grants: EVERYTHING, policy: { ...DEFAULT_POLICY, learning: 'block' } },
      ...{
        rules: NO_RULES,
        learnt: learner.learnt,
        maskings: [],
        bypasses: [],
        nowMs: NOW,
        isProbe: false,
      },
    }).rule
  assert.equal(judged('SELECT id FROM orders WHERE id = 7'), '')
  assert.equal(judged('SELECT id FROM orders WHERE id = 7 OR total = 1'), 'learning.unknown')
})
