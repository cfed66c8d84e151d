// The second lock alone: what the verdict refuses a reader of orders, SQLite refuses too, were the verdict wrong.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { analyze } from '@articdbm/sql'
import { createSqliteDatabases } from './index.ts'
import { take } from './shop.fixture.ts'
import type { SqliteConnection } from './types.ts'

interface Try {
  readonly id: string
  readonly sql: string
  readonly why: string
}

const CORPUS = new URL('../../../tests/corpus/bypass/sqlite.jsonl', import.meta.url)
const TRIES: readonly Try[] = readFileSync(CORPUS, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

const SCRATCH = `
  CREATE TABLE orders(id INTEGER PRIMARY KEY, customer_id INTEGER, note TEXT);
  CREATE TABLE customers(id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE secrets(id INTEGER PRIMARY KEY, code TEXT);
  CREATE INDEX orders_note ON orders(note);
  CREATE VIEW open_orders AS SELECT id FROM orders;
  CREATE VIEW order_codes AS SELECT * FROM secrets;
  CREATE VIRTUAL TABLE docs USING fts5(body);
  INSERT INTO orders VALUES (1, 1, 'it''s');
  INSERT INTO secrets VALUES (1, 'x1');
  ANALYZE;`

const folder = mkdtempSync(join(tmpdir(), 'articdbm-bypass-'))
const path = join(folder, 'shop.db')
const databases = createSqliteDatabases()
let connection: SqliteConnection

before(async () => {
  const database = new DatabaseSync(path)
  database.exec(SCRATCH)
  database.close()
  connection = await databases.open(path)
})
after(async () => {
  await databases.close()
  rmSync(folder, { recursive: true })
})

async function fails(sql: string): Promise<boolean> {
  const { statements } = analyze(sql, 'sqlite')
  const texts = statements.length === 0 ? [sql] : statements.map(({ text }) => text)
  for (const text of texts) {
    const allowed = [{ name: 'orders', access: 'read' as const }]
    const failed = await take(connection, text, { allowed }).then(
      () => false,
      () => true,
    )
    if (failed) return true
  }
  return false
}

describe('a reader of orders, by the second lock alone', () => {
  for (const { id, sql, why } of TRIES) {
    test(`${id} is refused: ${why}`, async () => {
      assert.equal(await fails(sql), true, sql.slice(0, 200))
    })
  }

  test('nothing was changed, and the engine still answers', async () => {
    const { rows } = await take(
      connection,
      'SELECT (SELECT count(*) FROM orders), (SELECT code FROM secrets)',
    )
    assert.deepEqual(rows, [[1n, 'x1']])
    const names = await take(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'fresh'")
    assert.deepEqual(names.rows, [[0n]])
  })
})
