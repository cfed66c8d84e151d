// What a large application sends, made up: many tables, pages that are asked for rarely, filters, joins and columns that come and go.
import type { Dialect } from '@articdbm/contract'
import { randomFrom, type Traffic } from './traffic.ts'

type Random = () => number

interface Column {
  readonly name: string
  readonly type: 'number' | 'text' | 'day'
}

interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  /** Tables that it may be joined to, by a column of its own. */
  readonly joins: readonly string[]
}

/** A statement with other values, and other optional parts, each time. */
type Page = (random: Random) => string

const TYPES = ['number', 'text', 'day'] as const

/** `tables` × 7 pages, each asked for half as often as one of half its number (Zipf). */
export function makeLargeTraffic(
  size: { readonly tables: number; readonly count: number },
  dialect: Dialect,
  seed: number,
): Traffic {
  const random = randomFrom(seed)
  const tables = Array.from({ length: size.tables }, (_, at) => tableOf(at, size.tables, random))
  const pages = tables.flatMap(pagesOf)
  const order = shuffled(pages, random)
  const shares = order.map((_, at) => 1 / (at + 1))
  const pick = (): Page => order[placeIn(shares, random())] as Page
  const statements = Array.from({ length: size.count }, () => pick()(random))
  return { application: `${size.tables} tables`, dialect, statements }
}

/** Where a number from 0 to 1 falls, when each has its share. */
function placeIn(shares: readonly number[], at: number): number {
  let left = at * shares.reduce((sum, share) => sum + share, 0)
  for (const [index, share] of shares.entries()) {
    left -= share
    if (left <= 0) return index
  }
  return shares.length - 1
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item)
}

function tableOf(at: number, count: number, random: Random): Table {
  const length = 5 + Math.floor(random() * 10)
  const columns = Array.from({ length }, (_, column): Column => {
    return { name: `c${at}_${column}`, type: oneOf(TYPES, random) }
  })
  const joins = Array.from({ length: 3 }, () => `t${Math.floor(random() * count)}`)
  return { name: `t${at}`, columns, joins: [...new Set(joins)] }
}

function pagesOf(table: Table): readonly Page[] {
  const { name, columns, joins } = table
  const filters = columns.slice(0, 4)
  return [
    (random) => listOf(table, random),
    (random) => `SELECT * FROM ${name} WHERE id = ${number(random)} LIMIT 1`,
    (random) => `SELECT * FROM ${name} WHERE id IN (${several(() => number(random), random)})`,
    (random) => {
      const filter = oneOf(filters, random)
      return `SELECT COUNT(*) FROM ${name} WHERE ${filter.name} = ${literalOf(filter, random)}`
    },
    (random) => {
      const cells = () => `(${columns.map((one) => nullable(one, random)).join(', ')})`
      const rows = random() < 0.3 ? several(cells, random) : cells()
      return `INSERT INTO ${name} (${columns.map((one) => one.name).join(', ')}) VALUES ${rows}`
    },
    (random) => {
      const changed = columns.filter(() => random() < 0.3)
      const set = changed.length > 0 ? changed : columns.slice(0, 1)
      const texts = set.map((one) => `${one.name} = ${nullable(one, random)}`)
      return `UPDATE ${name} SET ${texts.join(', ')} WHERE id = ${number(random)}`
    },
    (random) =>
      `DELETE FROM ${name} WHERE id IN (SELECT ${name}_id FROM ${joins[0]} WHERE id = ${number(random)})`,
  ]
}

function listOf({ name, columns, joins }: Table, random: Random): string {
  const joined = joins.filter(() => random() < 0.3)
  const on = joined.map((other) => ` LEFT JOIN ${other} ON ${other}.id = ${name}.${other}_id`)
  const filters = columns.slice(0, 6).filter(() => random() < 0.3)
  const conditions = filters.map((one) => conditionOf(one, random))
  const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
  const sort = `${oneOf(columns.slice(0, 4), random).name}${random() < 0.5 ? ' DESC' : ''}`
  return `SELECT ${name}.* FROM ${name}${on.join('')}${where} ORDER BY ${sort} LIMIT 20 OFFSET ${number(random)}`
}

function conditionOf(column: Column, random: Random): string {
  const { name, type } = column
  if (type === 'text' && random() < 0.5) return `${name} LIKE '%summer%'`
  if (type === 'day') return `${name} ${random() < 0.5 ? '>=' : '<'} '2026-01-05'`
  if (random() < 0.2) return `${name} IN (${several(() => literalOf(column, random), random)})`
  return `${name} = ${literalOf(column, random)}`
}

function several(item: () => string, random: Random): string {
  return Array.from({ length: 1 + Math.floor(random() * 9) }, item).join(', ')
}

function nullable(column: Column, random: Random): string {
  return random() < 0.2 ? 'NULL' : literalOf(column, random)
}

function literalOf({ type }: Column, random: Random): string {
  if (type === 'number') return number(random)
  return type === 'text'
    ? `'${oneOf(["O''Brien", 'union city', '1 or 2', ''], random)}'`
    : "'2026-03-04'"
}

function number(random: Random): string {
  return `${Math.floor(random() * 100_000)}`
}

function oneOf<T>(of: readonly T[], random: Random): T {
  return of[Math.floor(random() * of.length)] as T
}
