// How JavaScript values become columns and come back, the same on every engine.
import type { Row, Value } from './engine.ts'
import { ValueTooLong } from './faults.ts'

const FLAG = /^(is|must|has)_/

/**
 * Text is stored as well-formed Unicode: PostgreSQL takes no U+0000 and no engine takes half a surrogate
 * pair, so both become U+FFFD everywhere. Booleans are 0 and 1.
 */
export function writable(value: unknown): Value {
  switch (typeof value) {
    case 'string':
      return value.toWellFormed().replaceAll('\0', '\uFFFD')
    case 'boolean':
      return value ? 1 : 0
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) throw new ValueTooLong()
      return value
    case 'number':
      if (Number.isFinite(value)) return value
      break
    default:
      if (value === null || value instanceof Uint8Array) return value
  }
  throw new TypeError(`the store does not take ${value instanceof Date ? 'a Date' : String(value)}`)
}

export function presentRows(rows: readonly Row[]): Row[] {
  const first = rows[0]
  if (first === undefined) return []
  const columns = Object.keys(first).map((name) => ({ name, isFlag: FLAG.test(name) }))
  return rows.map((row) => {
    const presented: Row = {}
    for (const { name, isFlag } of columns) {
      const value = row[name]
      presented[name] = isFlag && value !== null ? Boolean(value) : value
    }
    return presented
  })
}

/** The key by which names are unique: `Anna`, `ANNA` and `anna` are one, and so are all forms of one accent. */
export function foldKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().normalize('NFKC')
}

const SEARCH_CHARACTERS = 4_000

/** What a case-blind search looks into; engines fold differently, so the store folds itself. */
export function foldText(text: string): string {
  const folded = foldKey(text.slice(0, SEARCH_CHARACTERS).toWellFormed())
  return folded.slice(0, SEARCH_CHARACTERS).toWellFormed()
}
