// Which PostgreSQL type a column of SQLite is shown as, and its values in that type's text and binary form.
import type { SqliteColumn, SqliteValue } from '../../sqlite/index.ts'
import { numericBinary } from './numeric.ts'

export const OID = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  oid: 26,
  json: 114,
  float4: 700,
  float8: 701,
  varchar: 1043,
  numeric: 1700,
} as const

export type ResultType = 'bool' | 'bytea' | 'int8' | 'text' | 'float8' | 'numeric'

const SIZES: Readonly<Record<ResultType, number>> = {
  bool: 1,
  bytea: -1,
  int8: 8,
  text: -1,
  float8: 8,
  numeric: -1,
}

export function sizeOf(type: ResultType): number {
  return SIZES[type]
}

/** As CREATE TABLE says it, by SQLite's own rules of affinity; undefined where it says nothing. */
export function declaredType({ declaredType: declared }: SqliteColumn): ResultType | undefined {
  if (!declared) return undefined
  const name = declared.toUpperCase()
  return DECLARED.find(([pattern]) => pattern.test(name))?.[1]
}

const DECLARED: readonly (readonly [RegExp, ResultType])[] = [
  [/BOOL/, 'bool'],
  [/DATE|TIME/, 'text'],
  [/INT/, 'int8'],
  [/CHAR|CLOB|TEXT/, 'text'],
  [/BLOB/, 'bytea'],
  [/REAL|FLOA|DOUB/, 'float8'],
  [/NUMERIC|DECIMAL/, 'numeric'],
]

/** What fits every one of these values; text fits all. */
export function fittingType(
  declared: ResultType | undefined,
  values: readonly SqliteValue[],
): ResultType {
  const present = values.filter((value) => value !== null)
  const wanted = declared ?? (present[0] === undefined ? 'text' : naturalType(present[0]))
  return present.every((value) => fits(wanted, value)) ? wanted : 'text'
}

function naturalType(value: Exclude<SqliteValue, null>): ResultType {
  if (typeof value === 'bigint') return 'int8'
  if (typeof value === 'number') return 'float8'
  return typeof value === 'string' ? 'text' : 'bytea'
}

export function fits(type: ResultType, value: Exclude<SqliteValue, null>): boolean {
  switch (type) {
    case 'text':
      return true
    case 'bool':
      return value === 0n || value === 1n
    case 'bytea':
      return value instanceof Uint8Array
    case 'int8':
      return typeof value === 'bigint'
    case 'float8':
      return typeof value === 'number' || (typeof value === 'bigint' && isExact(value))
    case 'numeric':
      return typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))
  }
}

function isExact(value: bigint): boolean {
  return BigInt(Number(value)) === value
}

/** The value must fit the type. */
export function encodeText(type: ResultType, value: Exclude<SqliteValue, null>): Buffer {
  if (type === 'bool') return Buffer.from(value === 1n ? 't' : 'f')
  if (value instanceof Uint8Array) return Buffer.from(`\\x${Buffer.from(value).toString('hex')}`)
  return Buffer.from(typeof value === 'number' ? numberText(type, value) : String(value))
}

function numberText(type: ResultType, value: number): string {
  // SQLite shows a whole REAL as 3.0; PostgreSQL's float8 as 3.
  return type === 'text' && Number.isInteger(value) && Math.abs(value) < 1e15
    ? value.toFixed(1)
    : String(value)
}

/** The value must fit the type. */
export function encodeBinary(type: ResultType, value: Exclude<SqliteValue, null>): Buffer {
  switch (type) {
    case 'text':
      return encodeText(type, value)
    case 'bool':
      return Buffer.from([value === 1n ? 1 : 0])
    case 'bytea':
      return Buffer.from(value as Uint8Array)
    case 'int8': {
      const bytes = Buffer.alloc(8)
      bytes.writeBigInt64BE(value as bigint)
      return bytes
    }
    case 'float8': {
      const bytes = Buffer.alloc(8)
      bytes.writeDoubleBE(Number(value))
      return bytes
    }
    case 'numeric':
      return numericBinary(typeof value === 'number' ? plainDecimal(value) : String(value))
  }
}

/** Without an exponent: 1e-7 is 0.0000001. */
function plainDecimal(value: number): string {
  const [mantissa = '', exponent] = String(value).split('e')
  if (exponent === undefined) return mantissa
  const sign = mantissa.startsWith('-') ? '-' : ''
  const [whole = '', fraction = ''] = mantissa.replace('-', '').split('.')
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  return `${sign}${digits.padEnd(point, '0').slice(0, point)}.${digits.slice(point) || '0'}`
}
