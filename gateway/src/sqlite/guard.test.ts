import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { SqliteError } from './index.ts'
import { openShop, take } from './shop.fixture.ts'
import type { SqliteRun } from './types.ts'

const { databases, path, close } = openShop()
after(close)

describe('the second lock', () => {
  const read = (...names: readonly string[]) =>
    names.map((name) => ({ name, access: 'read' }) as const)
  const write = (...names: readonly string[]) =>
    names.map((name) => ({ name, access: 'write' }) as const)

  const permitted: readonly (readonly [string, SqliteRun['allowed']])[] = [
    ['SELECT * FROM orders', read('orders')],
    ['SELECT * FROM ORDERS', read('orders')],
    ['WITH c AS (SELECT * FROM orders) SELECT count(*) FROM c', read('orders')],
    ['WITH c AS (SELECT 1) SELECT 1 FROM c', []],
    [
      'SELECT (WITH c(x, y) AS (SELECT 1, 2) SELECT count((SELECT o.id FROM c))) FROM orders o',
      read('orders'),
    ],
    ['SELECT count(*) FROM (SELECT * FROM orders) AS s', read('orders')],
    [
      'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5) SELECT count(*) FROM n',
      [],
    ],
    ['SELECT count(*) FROM order_codes', read('order_codes')],
    ['SELECT * FROM order_codes', read('order_codes')],
    ['SELECT * FROM deep_codes', read('deep_codes')],
    ["SELECT * FROM json_each('[1, 2]')", []],
    ['SELECT upper(1), date()', []],
    ['INSERT INTO orders VALUES (100, 1)', write('orders')],
    ['UPDATE orders SET customer_id = 2 WHERE id = 100', write('orders')],
    ['DELETE FROM customers WHERE id = 2', write('customers')],
    ["INSERT INTO docs VALUES ('hello world')", write('docs')],
    ["SELECT * FROM docs WHERE docs MATCH 'hello'", read('docs')],
    ['PRAGMA table_info(orders)', read('orders')],
    ["SELECT name FROM pragma_table_info('orders')", read('orders')],
    ['SELECT name FROM sqlite_schema', read('sqlite_schema')],
    ['PRAGMA user_version', []],
    ['PRAGMA foreign_keys = ON', []],
    ['CREATE TABLE fresh(x)', write('fresh')],
    ['ALTER TABLE fresh ADD COLUMN y', write('fresh')],
    ['CREATE INDEX fresh_y ON fresh(y)', write('fresh')],
    ['ALTER TABLE fresh RENAME TO stale', write('fresh', 'stale')],
    ['DROP TABLE stale', write('stale')],
    ['CREATE TEMP TABLE mine(x)', write('mine')],
    ['CREATE VIRTUAL TABLE more USING fts5(x)', write('*')],
    ['ANALYZE', write('*')],
    ['BEGIN', []],
    ['ROLLBACK', []],
  ]

  const denied: readonly (readonly [string, SqliteRun['allowed']])[] = [
    ['SELECT * FROM secrets', read('orders')],
    ['SELECT count(*) FROM secrets', read('orders')],
    ['SELECT 1 FROM orders WHERE EXISTS (SELECT 1 FROM secrets)', read('orders')],
    ["SELECT 'x1' IN secrets", read('orders')],
    ['SELECT * FROM order_codes', read('orders')],
    ['WITH orders AS (SELECT * FROM secrets) SELECT * FROM orders', read('orders')],
    ['WITH journalled AS (SELECT * FROM secrets) SELECT * FROM journalled', read('orders')],
    ['INSERT INTO orders VALUES (101, 1)', read('orders')],
    ['DELETE FROM orders', read('orders')],
    ['INSERT INTO journal VALUES (1)', write('orders')],
    ['DROP TABLE orders', read('orders')],
    ['CREATE TABLE fresh(x)', read('orders')],
    ['CREATE INDEX mine ON secrets(code)', write('orders')],
    ['SELECT name FROM sqlite_schema', read('orders')],
    ['PRAGMA table_info(secrets)', read('orders')],
    ["SELECT name FROM pragma_table_info('secrets')", read('orders')],
    ['PRAGMA user_version = 5', read('orders')],
    ['PRAGMA integrity_check', read('orders')],
    ['ANALYZE', write('orders')],
    ["ATTACH ':memory:' AS other", 'everything'],
    ["VACUUM INTO '/tmp/articdbm-stolen.db'", 'everything'],
    ["SELECT load_extension('x')", 'everything'],
    ["SELECT fts3_tokenizer('simple')", 'everything'],
    ['PRAGMA writable_schema = ON', 'everything'],
    ['PRAGMA trusted_schema = ON', 'everything'],
    ['PRAGMA journal_mode = DELETE', 'everything'],
    ['PRAGMA foreign_keys = OFF', 'everything'],
    ['PRAGMA temp_store = FILE', 'everything'],
    ["PRAGMA temp_store_directory = '/tmp'", 'everything'],
    ['UPDATE sqlite_schema SET sql = NULL', 'everything'],
  ]

  test('lets pass what the verdict named, with what follows from it', async () => {
    const connection = await databases.open(path)
    for (const [sql, allowed] of permitted) {
      await assert.doesNotReject(take(connection, sql, { allowed }), sql)
    }
    await connection.close()
  })

  test('denies every other table, and what nobody may', async () => {
    const connection = await databases.open(path)
    for (const [sql, allowed] of denied) {
      await assert.rejects(take(connection, sql, { allowed }), SqliteError, sql)
    }
    await connection.close()
  })

  test('a connection that a statement left its mark on says so', async () => {
    for (const [sql, isPristine] of [
      ['SELECT 1', true],
      ['PRAGMA foreign_keys = ON', true],
      ['PRAGMA query_only = ON', false],
      ['CREATE TEMP TABLE orders(x)', false],
      ['CREATE TEMP TRIGGER t AFTER DELETE ON orders BEGIN SELECT 1; END', false],
    ] as const) {
      const connection = await databases.open(path)
      await connection.describe('CREATE TEMP TABLE orders(x)')
      assert.equal(connection.isPristine, true)
      await take(connection, sql)
      assert.equal(connection.isPristine, isPristine, sql)
      await connection.close()
    }
  })

  test('a description is bound by it too', async () => {
    const connection = await databases.open(path)
    await assert.rejects(connection.describe('SELECT * FROM secrets', read('orders')), SqliteError)
    await connection.close()
  })
})
