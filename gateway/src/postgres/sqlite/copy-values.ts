// What a field of a COPY is to its column: as it would be read out again.
import type { SqliteValue } from '../../sqlite/index.ts'
import type { Column } from './copy-in.ts'
import { readNumber } from './parameters.ts'
import { declaredType } from './types.ts'

export type ReadField = (text: string) => SqliteValue

/** SQLite keeps any value in any column: what doesn't read as the column's type stays the text that it is. */
export function readerOf({ declaredType: declared }: Column): ReadField {
  const type = declaredType({
    name: '',
    declaredType: declared,
    table: undefined,
    column: undefined,
  })
  if (type === 'bool') return readBool
  if (type === 'bytea') return readBytes
  if (type === undefined) return (text) => readNumber(text) ?? text
  // SQLite itself makes a number of it, where the column is one of numbers.
  return (text) => (type === 'float8' ? (INFINITE.get(text.toLowerCase()) ?? text) : text)
}

const INFINITE: ReadonlyMap<string, number> = new Map([
  ['infinity', Number.POSITIVE_INFINITY],
  ['-infinity', Number.NEGATIVE_INFINITY],
])

function readBool(text: string): SqliteValue {
  if (/^\s*(?:t|tr|tru|true|y|ye|yes|on|1)\s*$/i.test(text)) return 1n
  return /^\s*(?:f|fa|fal|fals|false|n|no|of|off|0)\s*$/i.test(text) ? 0n : text
}

function readBytes(text: string): SqliteValue {
  const isHex = /^\\x(?:[0-9a-f]{2})*$/i.test(text)
  return isHex ? Uint8Array.from(Buffer.from(text.slice(2), 'hex')) : text
}
