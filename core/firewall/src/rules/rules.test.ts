import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Dialect, RuleConditions, SnapshotRule } from '@articdbm/contract'
import { analyze, loadGrammars } from '@articdbm/sql'
import type { Caller } from './conditions.ts'
import { findMistake } from './mistakes.ts'
import { holdsUntil, judgeByRules, NO_RULES, rulesFor } from './rules.ts'

before(loadGrammars)

const NOON = Date.parse('2026-06-03T12:00:30Z')
const CALLER: Caller = {
  person: 'Ann',
  role: 'viewer',
  address: '10.1.2.3',
  application: 'Metabase 50',
  door: 'postgres',
}
const SCHEMA = { postgres: 'public', mysql: 'shop', sqlite: 'main' } as const

function rule(conditions: RuleConditions, part: Partial<SnapshotRule> = {}): SnapshotRule {
  return { name: 'one', databaseId: null, action: 'block', message: '', ...part, conditions }
}

interface Asked {
  readonly dialect?: Dialect
  readonly caller?: Partial<Caller>
  readonly nowMs?: number
}

function verdictOf(rules: readonly SnapshotRule[], sql: string, asked: Asked = {}): string {
  const { dialect = 'postgres', caller = {}, nowMs = NOON } = asked
  const set = rulesFor(rules, 'd', { ...CALLER, ...caller })
  const { statements } = analyze(sql, dialect)
  const input = { statements, defaultSchema: SCHEMA[dialect], nowMs }
  const { action, rule } = judgeByRules(set, input)
  return rule === '' ? action : `${action} ${rule}`
}

const holds = (conditions: RuleConditions, sql: string, asked: Asked = {}): boolean =>
  verdictOf([rule(conditions)], sql, asked) === 'block rule.one'

describe('conditions on a statement', () => {
  test('what stands between SELECT and * hides no column', () => {
    const conditions = { tables: ['people'], columns: ['email'] }
    for (const words of ['SQL_NO_CACHE', 'HIGH_PRIORITY SQL_CALC_FOUND_ROWS', 'DISTINCTROW']) {
      assert.ok(holds(conditions, `SELECT ${words} * FROM people`, { dialect: 'mysql' }), words)
    }
  })

  const CASES: readonly (readonly [RuleConditions, readonly string[], readonly string[]])[] = [
    [
      { tables: ['orders'] },
      ['SELECT * FROM orders', 'SELECT * FROM public.ORDERS', 'UPDATE other.orders SET a = 1'],
      ['SELECT * FROM orders2', 'SELECT 1', "SELECT 'orders'"],
    ],
    [
      { tables: ['public.ord*'] },
      ['SELECT * FROM orders', 'WITH a AS (SELECT * FROM public.ordinals) SELECT * FROM a'],
      ['SELECT * FROM other.orders', 'SELECT * FROM my_orders'],
    ],
    [{ tables: ['orders'] }, ['DO $$BEGIN PERFORM 1; END$$'], []],
    [
      { tables: ['orders'], access: 'write' },
      ['DELETE FROM orders', 'WITH a AS (DELETE FROM orders RETURNING *) SELECT * FROM a'],
      ['SELECT * FROM orders', 'INSERT INTO log SELECT * FROM orders'],
    ],
    [{ effects: ['define'] }, ['DROP TABLE a', 'CREATE INDEX ON a (b)'], ['DELETE FROM a']],
    [
      { tables: ['people'], columns: ['email', 'pass*'] },
      [
        'SELECT email FROM people',
        'SELECT "email" FROM people p WHERE p.id = 1',
        "UPDATE people SET password = 'x'",
        'SELECT * FROM people',
        'SELECT p.* FROM people p',
        'SELECT to_json(p) FROM people p',
        'TABLE people',
        'COPY people TO STDOUT',
        'DO $$BEGIN PERFORM 1; END$$',
      ],
      [
        'SELECT id * 2, count(*) FROM people',
        "SELECT id FROM people WHERE name = 'email'",
        'SELECT email FROM orders',
        'SELECT emails FROM people',
      ],
    ],
    [
      { functions: ['pg_sleep*'] },
      ['SELECT pg_sleep_for($1)', 'SELECT PG_SLEEP(1)'],
      ['SELECT now()'],
    ],
    [
      { pattern: '\\bselect\\s+\\*' },
      ['SELECT  * FROM a', "SELECT a, (select * FROM b LIMIT 1) FROM a WHERE b = 'x'"],
      ['SELECT a.* FROM a', 'TABLE a'],
    ],
    [
      { tables: ['orders'], functions: ['count'] },
      ['SELECT count(*) FROM orders'],
      ['SELECT count(*) FROM a', 'SELECT a FROM orders'],
    ],
  ]
  for (const [conditions, fitting, other] of CASES) {
    test(JSON.stringify(conditions), () => {
      for (const sql of fitting) assert.ok(holds(conditions, sql), `holds for ${sql}`)
      for (const sql of other) assert.ok(!holds(conditions, sql), `doesn't hold for ${sql}`)
    })
  }

  test('a digest is that of any text of the same normal form', () => {
    const [statement] = analyze('SELECT * FROM a WHERE b = 1', 'postgres').statements
    const conditions = { digests: [statement?.digest ?? ''] }
    assert.ok(holds(conditions, 'select *  from a where b = 2'))
    assert.ok(!holds(conditions, 'SELECT * FROM a WHERE c = 1'))
  })

  test('a table is found by the names of each dialect', () => {
    for (const [dialect, sql] of [
      ['mysql', 'SELECT * FROM `orders`'],
      ['mysql', 'SELECT * FROM shop.orders'],
      ['sqlite', 'SELECT * FROM main.[orders]'],
    ] as const) {
      assert.ok(holds({ tables: [`${SCHEMA[dialect]}.orders`] }, sql, { dialect }), sql)
    }
  })
})

describe('conditions on a caller', () => {
  const CASES: readonly (readonly [RuleConditions, Partial<Caller>, boolean])[] = [
    [{ users: ['ann', 'bob'] }, {}, true],
    [{ users: ['bob'] }, {}, false],
    [{ roles: ['viewer'] }, {}, true],
    [{ roles: ['admin'] }, {}, false],
    [{ doors: ['rest', 'console'] }, {}, false],
    [{ doors: ['rest', 'console'] }, { door: 'console' }, true],
    [{ applications: ['metabase*'] }, {}, true],
    [{ applications: ['*base'] }, {}, false],
    [{ applications: ['psql'] }, { application: '' }, false],
    [{ addresses: ['10.0.0.0/8'] }, {}, true],
    [{ addresses: ['10.1.2.3'] }, {}, true],
    [{ addresses: ['10.1.2.3'] }, { address: '::ffff:10.1.2.3' }, true],
    [{ addresses: ['10.1.2.4', '2001:db8::/32'] }, {}, false],
    [{ addresses: ['2001:db8::/32'] }, { address: '2001:db8:1::5' }, true],
    [{ addresses: ['::/0'] }, {}, false],
    [{ addresses: ['0.0.0.0/0'] }, { address: 'unix' }, false],
  ]
  for (const [conditions, caller, isMet] of CASES) {
    test(`${JSON.stringify(conditions)} of ${JSON.stringify(caller)}: ${isMet}`, () => {
      assert.equal(holds(conditions, 'SELECT 1', { caller }), isMet)
    })
  }
})

describe('hours', () => {
  const office: RuleConditions = {
    hours: {
      is: 'outside',
      days: [1, 2, 3, 4, 5],
      from: '08:00',
      until: '18:00',
      timeZone: 'Europe/Vienna',
    },
  }
  const night: RuleConditions = {
    hours: { is: 'within', days: [5], from: '22:00', until: '06:00', timeZone: 'UTC' },
  }
  const CASES: readonly (readonly [RuleConditions, string, boolean])[] = [
    [office, '2026-06-03T05:59:59Z', true],
    [office, '2026-06-03T06:00:00Z', false],
    [office, '2026-06-03T15:59:59Z', false],
    [office, '2026-06-03T16:00:00Z', true],
    [office, '2026-01-07T16:30:00Z', false],
    [office, '2026-06-06T10:00:00Z', true],
    [night, '2026-06-05T21:59:00Z', false],
    [night, '2026-06-05T22:00:00Z', true],
    [night, '2026-06-06T05:59:00Z', true],
    [night, '2026-06-06T06:00:00Z', false],
    [night, '2026-06-05T03:00:00Z', false],
  ]
  for (const [conditions, at, isMet] of CASES) {
    test(`${conditions.hours?.is} ${conditions.hours?.from} at ${at}: ${isMet}`, () => {
      assert.equal(holds(conditions, 'SELECT 1', { nowMs: Date.parse(at) }), isMet)
    })
  }

  test('a verdict by a clock holds for the minute alone', () => {
    const rules = rulesFor([rule(office)], 'd', CALLER)
    assert.equal(holdsUntil(rules, NOON), Date.parse('2026-06-03T12:01:00Z'))
    assert.equal(holdsUntil(NO_RULES, NOON), Number.POSITIVE_INFINITY)
  })
})

describe('rules in their order', () => {
  const exports = rule({ tables: ['orders'] }, { name: 'no-exports' })
  const reports = rule({ users: ['ann'] }, { name: 'reports', action: 'allow' })
  const watch = rule({ tables: ['*'] }, { name: 'watch', action: 'alert' })
  const ORDERS = 'SELECT * FROM orders'

  test('the first that blocks or allows ends them', () => {
    assert.equal(verdictOf([exports, reports], ORDERS), 'block rule.no-exports')
    assert.equal(verdictOf([reports, exports], ORDERS), 'allow')
    assert.equal(
      verdictOf([reports, exports], ORDERS, { caller: { person: 'bob' } }),
      'block rule.no-exports',
    )
  })

  test('one that alerts is noted, and those after it are asked', () => {
    assert.equal(verdictOf([watch, exports], ORDERS), 'block rule.no-exports')
    assert.equal(verdictOf([watch, reports], ORDERS), 'alert rule.watch')
  })

  test('one statement of several is enough', () => {
    assert.equal(verdictOf([exports], `SELECT 1; ${ORDERS}; SELECT 2`), 'block rule.no-exports')
    assert.equal(verdictOf([watch, exports], `SELECT 1; SELECT * FROM a`), 'alert rule.watch')
  })

  test("another database's rules are not asked", () => {
    assert.equal(verdictOf([{ ...exports, databaseId: 'other' }], ORDERS), 'allow')
    assert.equal(verdictOf([{ ...exports, databaseId: 'd' }], ORDERS), 'block rule.no-exports')
  })

  test('a text too long to be looked through fits what blocks, and not what allows', () => {
    const long = `SELECT '${'x'.repeat(600_000)}'`
    assert.equal(verdictOf([rule({ pattern: 'report' })], long), 'block rule.one')
    const reports = rule({ pattern: 'report' }, { name: 'reports', action: 'allow' })
    assert.equal(verdictOf([reports, rule({ users: ['ann'] })], long), 'block rule.one')
  })
})

describe('mistakes are told to the author', () => {
  const HOURS: NonNullable<RuleConditions['hours']> = {
    ...{ is: 'within', days: [1], from: '08:00', until: '18:00', timeZone: 'UTC' },
  }
  const CASES: readonly (readonly [RuleConditions, RegExp])[] = [
    [{ pattern: '(a' }, /pattern can't be read/],
    [{ pattern: '(?=a)b' }, /pattern can't be read/],
    [{ pattern: '(a)\\1' }, /pattern can't be read/],
    [{ addresses: ['10.0.0.0/8', '10.0.0.0/40'] }, /10\.0\.0\.0\/40 is no address/],
    [{ addresses: ['localhost'] }, /localhost is no address/],
    [{ hours: { ...HOURS, timeZone: 'Europe/Atlantis' } }, /no time zone/],
    [{ hours: { ...HOURS, until: '08:00' } }, /same time/],
  ]
  for (const [conditions, told] of CASES) {
    test(JSON.stringify(conditions), () => assert.match(findMistake(conditions) ?? '', told))
  }
  test('and nothing where there is none', () => {
    const conditions = { pattern: 'a+b', addresses: ['::1', '10.0.0.0/8'], hours: HOURS }
    assert.equal(findMistake(conditions), undefined)
  })
})
