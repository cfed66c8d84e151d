import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { createShop } from './create-shop.ts'

const folder = mkdtempSync(join(tmpdir(), 'articdbm-shop-'))
after(() => rmSync(folder, { recursive: true }))

const TABLES = ['customers', 'products', 'orders', 'order_items']

test('the shop has a few thousand rows that fit together, and no file besides', () => {
  const path = join(folder, 'deep', 'shop.db')
  createShop(path)
  assert.deepEqual(readdirSync(join(folder, 'deep')), ['shop.db'])
  const shop = new DatabaseSync(path)
  const counts = TABLES.map((table) => Number(one(shop, `SELECT count(*) FROM ${table}`)))
  assert.deepEqual(counts.slice(0, 3), [800, 200, 3000])
  assert.ok((counts[3] ?? 0) > 6_000 && (counts[3] ?? 0) < 8_000, `${counts[3]} items`)
  assert.deepEqual(shop.prepare('PRAGMA foreign_key_check').all(), [])
  assert.equal(one(shop, 'PRAGMA integrity_check'), 'ok')
  assert.equal(one(shop, 'PRAGMA journal_mode'), 'wal')
  assert.equal(one(shop, 'SELECT count(*) FROM order_totals'), 3000)
  assert.equal(one(shop, 'SELECT count(*) FROM order_totals WHERE total <= 0'), 0)
  assert.ok(Number(one(shop, 'SELECT count(*) FROM best_sellers')) > 150)
  const early = `SELECT count(*) FROM orders AS o JOIN customers AS c ON c.id = o.customer_id
    WHERE o.ordered_at < c.created_at OR o.shipped_at < o.ordered_at`
  assert.equal(one(shop, early), 0)
  shop.close()
})

test('two shops are the same to the last row', () => {
  const [one, other] = ['one.db', 'other.db'].map((name) => {
    createShop(join(folder, name))
    return digest(join(folder, name))
  })
  assert.equal(one, other)
})

test('an existing file is left alone', () => {
  const path = join(folder, 'kept.db')
  createShop(path)
  const before = statSync(path).mtimeMs
  createShop(path)
  assert.equal(statSync(path).mtimeMs, before)
})

function one(database: DatabaseSync, sql: string): unknown {
  return Object.values(database.prepare(sql).get() ?? {})[0]
}

function digest(path: string): string {
  const database = new DatabaseSync(path)
  const rows = TABLES.map((table) => database.prepare(`SELECT * FROM ${table}`).all())
  database.close()
  return createHash('sha256').update(JSON.stringify(rows)).digest('hex')
}
