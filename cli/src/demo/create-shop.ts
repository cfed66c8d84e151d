// The demo database: a small shop with a few thousand orders, the same on every machine.
//   node cli/src/demo/create-shop.ts PATH
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Random } from './random.ts'
import { SCHEMA } from './shop.sql.ts'
import { CITIES, FIRST_NAMES, LAST_NAMES, LINES, NOTES } from './words.ts'

const SEED = 20_260_131
const CUSTOMERS = 800
const ORDERS = 3_000
const DAY_MS = 86_400_000
const OPENED_AT = Date.UTC(2024, 0, 8, 8)
const DAYS_OPEN = 730

type Row = readonly SQLInputValue[]

/** Leaves an existing file alone. Half a shop is never seen: the file gets its name when it is whole. */
export function createShop(path: string): void {
  if (existsSync(path)) return
  mkdirSync(dirname(resolve(path)), { recursive: true })
  const unfinished = `${path}.${process.pid}.unfinished`
  rmSync(unfinished, { force: true })
  const database = new DatabaseSync(unfinished)
  fill(database, new Random(SEED))
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
  renameSync(unfinished, path)
}

function fill(database: DatabaseSync, random: Random): void {
  database.exec(SCHEMA)
  database.exec('BEGIN')
  const products = makeProducts(random)
  const orders = makeOrders(random)
  insert(database, 'customers', makeCustomers(random, orders))
  insert(database, 'products', products)
  insert(database, 'orders', orders)
  insert(database, 'order_items', makeItems(random, orders, products))
  database.exec('COMMIT')
  database.exec('ANALYZE')
}

function insert(database: DatabaseSync, table: string, rows: readonly Row[]): void {
  const marks = Array.from(rows[0] ?? [], () => '?').join(', ')
  const statement = database.prepare(`INSERT INTO ${table} VALUES (${marks})`)
  for (const row of rows) statement.run(...row)
}

/** Nobody orders before signing up. */
function makeCustomers(random: Random, orders: readonly Row[]): readonly Row[] {
  const firstOrders = new Map<unknown, unknown>()
  for (const [, customer, , at] of orders.toReversed()) firstOrders.set(customer, at)
  const emails = new Set<string>()
  return numbers(CUSTOMERS).map((id) => {
    const first = random.pick(FIRST_NAMES)
    const last = random.pick(LAST_NAMES)
    const [city, country] = random.pick(CITIES)
    const ordered = firstOrders.get(id)
    const latest =
      ordered === undefined ? OPENED_AT + DAYS_OPEN * DAY_MS : Date.parse(`${ordered}Z`)
    const since = latest - random.integer(1, 60 * 24) * 60_000
    const newsletter = random.chance(0.4) ? 1 : 0
    return [
      id,
      `${first} ${last}`,
      emailOf(first, last, emails),
      city,
      country,
      newsletter,
      instant(since),
    ]
  })
}

/** example.* domains belong to nobody. */
function emailOf(first: string, last: string, taken: Set<string>): string {
  const ascii = `${first}.${last}`
    .normalize('NFD')
    .replace(/[łı]/gi, (letter) => (/ł/i.test(letter) ? 'l' : 'i'))
    .replace(/ø/gi, 'o')
    .replace(/[^A-Za-z.]/g, '')
    .toLowerCase()
  let email = `${ascii}@example.com`
  for (let number = 2; taken.has(email); number += 1) email = `${ascii}${number}@example.com`
  taken.add(email)
  return email
}

function makeProducts(random: Random): readonly Row[] {
  const goods = LINES.flatMap(({ category, materials, things }) =>
    things.flatMap(([thing, cents]) =>
      materials.map((material) => ({
        category,
        cents,
        name: `${material} ${thing.toLowerCase()}`,
      })),
    ),
  )
  return goods.map(({ category, cents, name }, index) => {
    const price = Math.round(cents * (0.8 + random.fraction() * 0.5)) / 100
    const sku = `${category.slice(0, 3).toUpperCase()}-${1000 + index}`
    const stock = random.chance(0.07) ? 0 : random.integer(3, 240)
    const weight = random.chance(0.1) ? null : random.integer(5, 900) / 100
    const gone = random.chance(0.05) ? instant(OPENED_AT + 400 * DAY_MS).slice(0, 10) : null
    return [index + 1, sku, name, category, price, stock, weight, gone]
  })
}

function makeOrders(random: Random): readonly Row[] {
  const minutes = DAYS_OPEN * 24 * 60
  // Business grows: later days are likelier.
  const times = numbers(ORDERS)
    .map(() => OPENED_AT + Math.floor(Math.sqrt(random.fraction()) * minutes) * 60_000)
    .sort((one, other) => one - other)
  return times.map((orderedAt, index) => {
    const age = OPENED_AT + DAYS_OPEN * DAY_MS - orderedAt
    const status = statusOf(random, age / DAY_MS)
    const hasLeft = ['shipped', 'delivered', 'returned'].includes(status)
    const shippedAt = hasLeft ? instant(orderedAt + random.integer(4, 72) * 3_600_000) : null
    const note = random.chance(0.12) ? random.pick(NOTES) : null
    return [index + 1, random.skewed(CUSTOMERS), status, instant(orderedAt), shippedAt, note]
  })
}

function statusOf(random: Random, ageDays: number): string {
  if (random.chance(0.04)) return 'cancelled'
  if (ageDays < 3) return random.pick(['pending', 'paid', 'paid'])
  if (ageDays < 8) return random.pick(['paid', 'shipped', 'shipped'])
  return random.chance(0.05) ? 'returned' : 'delivered'
}

function makeItems(
  random: Random,
  orders: readonly Row[],
  products: readonly Row[],
): readonly Row[] {
  return orders.flatMap(([order]) =>
    numbers(random.pick([1, 1, 2, 2, 2, 3, 3, 5])).map((line) => {
      const product = products[random.skewed(products.length) - 1]
      const quantity = random.pick([1, 1, 1, 2, 2, 4])
      return [order ?? null, line, product?.[0] ?? null, quantity, product?.[4] ?? null]
    }),
  )
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

function instant(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ')
}

if (import.meta.main) {
  const [path] = process.argv.slice(2)
  if (path === undefined) {
    console.error('usage: node cli/src/demo/create-shop.ts PATH')
    process.exitCode = 2
  } else {
    createShop(path)
  }
}
