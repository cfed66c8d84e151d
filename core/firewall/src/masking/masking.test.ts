import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Dialect, SnapshotMask } from '@articdbm/contract'
import { analyze, loadGrammars } from '@articdbm/sql'
import { masksFor } from './masks.ts'
import { maskingsOf } from './plan.ts'
import { formsOf, maskText } from './value.ts'

const MASK: SnapshotMask = {
  ...{ id: 'm', databaseId: 'd', table: 'people', column: 'email', form: 'full' },
  ...{ exceptRoles: ['admin'], exceptPrincipals: ['ada'] },
}
const VIEWER = { principalId: 'bob', role: 'viewer' }
const ALL: readonly Dialect[] = ['postgres', 'mysql', 'sqlite']

function maskingIn(dialect: Dialect, text: string, all = [MASK]) {
  const analysis = analyze(text, dialect)
  assert.ok(analysis.isComplete, `${dialect}: ${text}: ${analysis.statements[0]?.why}`)
  const masks = masksFor(all, 'd', VIEWER)
  return maskingsOf(analysis.statements, analysis.tokens, masks)
}

/** What of a result's columns is masked; a rule where it is refused. */
function seen(dialect: Dialect, text: string, columns: readonly string[]) {
  const [masking] = maskingIn(dialect, text)
  if (masking?.kind === 'refused') return masking.refusal.rule
  if (masking === undefined) return columns.map(() => undefined)
  return formsOf(masking.plan, columns)
}

before(loadGrammars)

describe('who is shown what', () => {
  test('roles and people that are excepted see everything', () => {
    assert.equal(masksFor([MASK], 'd', { principalId: 'eve', role: 'admin' }).length, 0)
    assert.equal(masksFor([MASK], 'd', { principalId: 'ada', role: 'viewer' }).length, 0)
    assert.equal(masksFor([MASK], 'other', VIEWER).length, 0)
    assert.equal(masksFor([MASK], 'd', VIEWER).length, 1)
  })

  test('where several masks are on a column, what hides most counts', () => {
    const [masking] = maskingIn('sqlite', 'SELECT email FROM people', [
      { ...MASK, form: 'null' },
      { ...MASK, form: 'partial' },
    ])
    assert.deepEqual(masking?.kind === 'plan' && masking.plan.places, ['null'])
  })
})

const SHOWN: readonly (readonly [string, readonly string[], readonly unknown[]])[] = [
  ['SELECT email FROM people', ['email'], ['full']],
  ['SELECT id, p.EMAIL AS e FROM people p WHERE id = 1', ['id', 'e'], [undefined, 'full']],
  ['SELECT * FROM people', ['id', 'Email'], [undefined, 'full']],
  [
    'SELECT p.*, o.id FROM people p JOIN orders o ON o.person = p.id',
    ['email', 'id'],
    ['full', undefined],
  ],
  [
    'SELECT email, count(*) OVER () FROM people ORDER BY id LIMIT 2',
    ['email', 'n'],
    ['full', undefined],
  ],
  ['WITH x AS (SELECT 1 AS n) SELECT email FROM people, x', ['email'], ['full']],
  ['DELETE FROM people WHERE id = 1', [], []],
  ['SELECT count(*) FROM people', ['n'], [undefined]],
  ['SELECT id * 2 FROM people GROUP BY 1', ['n'], [undefined]],
  ['SELECT id FROM people WHERE EXISTS (SELECT * FROM orders)', ['id'], [undefined]],
  ["INSERT INTO people (id, email) VALUES (1, 'x')", [], []],
  ["UPDATE people SET name = 'a', email = 'x' WHERE id = 1", [], []],
  ['SELECT email FROM customers', ['email'], [undefined]],
  ['EXPLAIN SELECT id FROM people WHERE id = 1', ['plan'], [undefined]],
]

const HIDDEN: readonly string[] = [
  "SELECT id FROM people WHERE email = 'a'",
  "SELECT id FROM people WHERE email LIKE 'a%'",
  'SELECT id FROM people ORDER BY email',
  'SELECT email FROM people ORDER BY 1',
  'SELECT id, email FROM people ORDER BY id, (2)',
  'SELECT id, email FROM people ORDER BY +2 DESC',
  'SELECT * FROM people ORDER BY 2',
  'SELECT email AS e FROM people ORDER BY e',
  'SELECT email FROM people GROUP BY email',
  'SELECT email, count(*) FROM people GROUP BY 1',
  'SELECT DISTINCT email FROM people',
  'SELECT DISTINCT * FROM people',
  'SELECT upper(email) FROM people',
  'SELECT max(email) FROM people',
  "SELECT CASE WHEN email LIKE 'a%' THEN 1 ELSE 0 END FROM people",
  'SELECT p.id FROM people p JOIN people q ON p.email = q.email',
  'SELECT p.id FROM people p JOIN orders q USING (email)',
  'SELECT p.id FROM people p NATURAL JOIN orders q',
  'SELECT x.e FROM (SELECT email AS e FROM people) x',
  'SELECT x.email FROM (SELECT * FROM people) x',
  'WITH x(a, b) AS (SELECT * FROM people) SELECT b FROM x',
  'SELECT (SELECT email FROM people LIMIT 1)',
  'SELECT id FROM orders WHERE id IN (SELECT id FROM people WHERE email IS NOT NULL)',
  "SELECT 1 WHERE EXISTS (SELECT * FROM people INTERSECT SELECT 1, 'a', 'b')",
  'SELECT email FROM people UNION SELECT name FROM orders',
  'SELECT name FROM orders UNION ALL SELECT email FROM people',
  'INSERT INTO orders (id, name) SELECT id, email FROM people',
  'INSERT INTO orders SELECT * FROM people',
  'UPDATE people SET name = email',
  "UPDATE people SET name = 'a' WHERE email = 'x'",
  "DELETE FROM people WHERE email = 'x'",
  'SELECT *, email AS e FROM people',
  'CREATE TABLE x AS SELECT id FROM people',
  'CREATE VIEW v AS SELECT * FROM people',
  'SELECT name, ("email") FROM people',
]

for (const dialect of ALL) {
  describe(`masked columns (${dialect})`, () => {
    for (const [text, columns, forms] of SHOWN) {
      test(text, () => assert.deepEqual(seen(dialect, text, columns), forms))
    }
    for (const text of HIDDEN) {
      const said = dialect === 'mysql' ? text.replaceAll('"', '`') : text
      test(`refused: ${said}`, () =>
        assert.match(String(seen(dialect, said, ['a', 'b'])), /^masking\./))
    }
  })
}

const OWN: Readonly<Record<Dialect, readonly string[]>> = {
  postgres: [
    'SELECT p FROM people p',
    'SELECT row_to_json(p) FROM people p',
    'SELECT p.to_json FROM people p',
    'SELECT (p).email FROM people p',
    'SELECT ROW(p.*) FROM people p',
    'SELECT b FROM people AS p(a, b)',
    'TABLE people',
    'SELECT * FROM (TABLE people) x',
    'COPY people TO STDOUT',
    'COPY (SELECT * FROM people) TO STDOUT',
    'DECLARE c CURSOR FOR SELECT * FROM people',
    'PREPARE x AS SELECT * FROM people',
    'SELECT U&"\\0065mail" || 1 FROM people',
    'SELECT query_to_xml($$SELECT 1$$, true, true, $$$$)',
    'SELECT most_common_vals FROM pg_stats',
    'DO $$ BEGIN END $$',
    "DELETE FROM people RETURNING id AS set, 1, email = 'x'",
    "INSERT INTO orders (id) SELECT id FROM people AS set WHERE id = 1 AND email = 'x'",
    'UPDATE people SET name = (SELECT excluded.email FROM people excluded LIMIT 1)',
    'DELETE FROM people RETURNING old',
    'SELECT email::text FROM people',
    'SELECT * INTO x FROM people',
  ],
  mysql: [
    'TABLE people',
    'SELECT email INTO @x FROM people LIMIT 1',
    'SELECT @x := email FROM people',
    'SELECT email FROM people PROCEDURE ANALYSE()',
    'HANDLER people OPEN',
    'GET DIAGNOSTICS CONDITION 1 @p = MESSAGE_TEXT',
    'BEGIN NOT ATOMIC SELECT email FROM people WHERE id = 1; END',
    'EXPLAIN SELECT * FROM people WHERE id = 1',
    'EXPLAIN EXTENDED SELECT email FROM people WHERE id = 1',
    'SELECT id FROM people WHERE /*!50000 email */ = 1',
    'INSERT INTO orders (id) VALUES (1) ON DUPLICATE KEY UPDATE name = (SELECT email FROM people LIMIT 1)',
    'CALL anything()',
    'SELECT é FROM (SELECT 1 AS é) x, people WHERE ｅｍａｉｌ = 1',
  ],
  sqlite: [
    "SELECT id FROM people WHERE people.'email' = 1",
    'SELECT email FROM people ORDER BY 1 COLLATE NOCASE',
    'WITH x AS (SELECT 1) INSERT INTO orders SELECT email, 1 FROM people',
  ],
}

for (const dialect of ALL) {
  for (const text of OWN[dialect]) {
    test(`refused (${dialect}): ${text}`, () =>
      assert.match(String(seen(dialect, text, ['a'])), /^masking\./))
  }
}

const ALLOWED: Readonly<Record<Dialect, readonly (readonly [string, readonly unknown[]])[]>> = {
  postgres: [
    [
      "INSERT INTO people (id, email) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET email = excluded.email RETURNING *",
      [undefined, 'full'],
    ],
    ['UPDATE people SET email = NULL RETURNING id, email', [undefined, 'full']],
    ['SELECT id, "email" FROM public.people FOR UPDATE', [undefined, 'full']],
    ['SELECT id, email FROM people ORDER BY $1', [undefined, 'full']],
  ],
  mysql: [
    [
      "INSERT INTO people SET id = 1, email = 'x' ON DUPLICATE KEY UPDATE email = VALUES(email)",
      [undefined, undefined],
    ],
    ['SELECT SQL_NO_CACHE id, email "e" FROM people LIMIT 0, 2', [undefined, 'full']],
    ['SHOW COLUMNS FROM people', [undefined, undefined]],
    ['DESCRIBE people', [undefined, undefined]],
    ['LOCK TABLES people READ', [undefined, undefined]],
  ],
  sqlite: [
    ["SELECT id, email FROM people WHERE name = 'email'", [undefined, 'full']],
    ["INSERT INTO people VALUES (1, 'a', 'b') RETURNING *", [undefined, 'full']],
    ['PRAGMA table_info(people)', [undefined, undefined]],
    ['EXPLAIN QUERY PLAN SELECT * FROM people', [undefined, undefined]],
  ],
}

for (const dialect of ALL) {
  for (const [text, forms] of ALLOWED[dialect]) {
    test(`allowed (${dialect}): ${text}`, () =>
      assert.deepEqual(seen(dialect, text, ['id', 'email']), forms))
  }
}

describe('a result', () => {
  test('with other columns than were judged has no masks', () => {
    const [masking] = maskingIn('postgres', 'SELECT email, id FROM people')
    assert.equal(masking?.kind === 'plan' && formsOf(masking.plan, ['email']), undefined)
  })

  test('details of what a change refused are hidden, and what warnings say', () => {
    assert.deepEqual(seen('mysql', 'SHOW WARNINGS LIMIT 3', ['Level', 'Code', 'Message']), [
      ...[undefined, undefined, 'full'],
    ])
    for (const text of ['UPDATE orders SET id = 2', 'DELETE FROM people']) {
      assert.equal(maskingIn('mysql', text)[0]?.kind, 'plan')
      const [masking] = maskingIn('postgres', text)
      assert.equal(masking?.kind === 'plan' && masking.plan.hidesDetails, true)
    }
  })
})

describe('what is shown instead', () => {
  const key = Buffer.alloc(32, 1)
  test('full and null show nothing', () => {
    assert.equal(maskText('full', 'ada@example.org', key), '****')
    assert.equal(maskText('null', 'ada@example.org', key), null)
  })
  test('partial shows the end, a quarter at most', () => {
    assert.equal(maskText('partial', '4000123412341234', key), '****1234')
    assert.equal(maskText('partial', '12345678', key), '****78')
    assert.equal(maskText('partial', '123', key), '****')
    assert.equal(maskText('partial', `${'x'.repeat(70)}🙂🙂`, key), '****xx🙂🙂')
  })
  test('hash is the same for the same, and another under another key', () => {
    const shown = maskText('hash', 'ada', key)
    assert.match(shown ?? '', /^[0-9a-f]{16}$/)
    assert.equal(maskText('hash', 'ada', key), shown)
    assert.notEqual(maskText('hash', 'ada', Buffer.alloc(32, 2)), shown)
  })
})
