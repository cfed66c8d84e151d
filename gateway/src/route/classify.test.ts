import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import type { Dialect } from '@articdbm/contract'
import { analyze, loadGrammars } from '@articdbm/sql'
import { classify } from './classify.ts'

const CASES: Readonly<Record<'read' | 'server' | 'other', Partial<Record<Dialect, string[]>>>> = {
  read: {
    postgres: [
      'SELECT 1',
      'SELECT count(*) FROM orders',
      'WITH x AS (SELECT 1) SELECT * FROM x',
      'TABLE orders',
      'VALUES (1)',
      "SELECT current_setting('port')",
      'BEGIN READ ONLY',
      'START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY',
      'BEGIN READ ONLY; SELECT 1; COMMIT',
    ],
    mysql: [
      'SELECT 1',
      'SELECT * FROM orders',
      '(SELECT 1) UNION SELECT 2',
      'START TRANSACTION READ ONLY',
    ],
  },
  server: {
    postgres: [
      'SELECT pg_is_in_recovery()',
      'SELECT * FROM pg_stat_activity',
      'SELECT pg_backend_pid()',
    ],
    mysql: ['SELECT @@server_id', 'SELECT * FROM information_schema.tables', 'SELECT uuid_short()'],
  },
  other: {
    postgres: [
      '',
      'SELECT * FROM orders FOR UPDATE',
      'SELECT * FROM orders FOR SHARE',
      'WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone',
      'SELECT * INTO copied FROM orders',
      "SELECT nextval('numbers')",
      'SELECT somebodys_function(1)',
      'SELECT pg_advisory_lock(1)',
      'BEGIN',
      'BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY',
      'SELECT 1; BEGIN READ ONLY',
      'COMMIT',
      'SELECT 1; COMMIT',
      'EXPLAIN ANALYZE DELETE FROM orders',
      'COPY orders TO STDOUT',
      'SHOW port',
      'EXECUTE prepared',
      'FETCH cursor_',
      'SELEC 1',
      'SELECT 1; DELETE FROM orders',
      'BEGIN READ ONLY; SET x.y = 1',
    ],
    mysql: [
      'SELECT * FROM orders LOCK IN SHARE MODE',
      'SELECT @x := 1',
      'SELECT last_insert_id()',
      'SELECT get_lock("a", 1)',
      'SELECT SLEEP(1)',
      'SET autocommit = 0',
      'SHOW WARNINGS',
      'CALL somebodys_procedure()',
    ],
  },
}

before(loadGrammars)

for (const [wanted, dialects] of Object.entries(CASES)) {
  for (const [dialect, texts] of Object.entries(dialects)) {
    for (const text of texts) {
      test(`${dialect}: ${wanted}: ${text}`, () => {
        assert.equal(classify(analyze(text, dialect as Dialect)).class, wanted)
      })
    }
  }
}

test('a hint is a comment of its own, wherever it stands', () => {
  const hints = [
    ['/* articdbm: primary */ SELECT 1', 'primary'],
    ['SELECT /*articdbm:replica*/ 1', 'replica'],
    ['SELECT 1 /* ARTICDBM: Replica */', 'replica'],
    ["SELECT '/* articdbm: replica */'", undefined],
    ['SELECT 1 -- articdbm: replica', undefined],
    ['/* articdbm: elsewhere */ SELECT 1', undefined],
  ] as const
  for (const dialect of ['postgres', 'mysql'] as const) {
    for (const [text, hint] of hints)
      assert.equal(classify(analyze(text, dialect)).hint, hint, text)
  }
})

test('what begins a transaction is known', () => {
  for (const text of ['BEGIN', 'START TRANSACTION READ ONLY', 'SET autocommit = 0']) {
    assert.equal(classify(analyze(text, 'mysql')).beginsTransaction, true, text)
  }
  for (const text of ['SELECT 1', 'COMMIT', 'SET autocommit = 1']) {
    assert.equal(classify(analyze(text, 'mysql')).beginsTransaction, false, text)
  }
})
