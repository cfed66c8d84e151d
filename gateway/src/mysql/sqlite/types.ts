// SQLite's values as MySQL's: a column's type is what was declared, unless the rows say otherwise.
import { COLLATION, type Column, FIELD_FLAG, FIELD_TYPE, lenencBytes } from '@articdbm/wire/mysql'
import type { SqliteColumn, SqliteValue } from '../../sqlite/index.ts'
import { WrongValue } from '../faults.ts'

export type Shape = 'integer' | 'real' | 'text' | 'blob'

/** By the declared type's affinity (https://sqlite.org/datatype3.html, section 3.1). */
export function declaredShape({ declaredType }: SqliteColumn): Shape | undefined {
  if (declaredType === undefined || declaredType === '') return undefined
  const name = declaredType.toUpperCase()
  if (name.includes('INT')) return 'integer'
  if (/CHAR|CLOB|TEXT/.test(name)) return 'text'
  if (name.includes('BLOB')) return 'blob'
  if (/REAL|FLOA|DOUB/.test(name)) return 'real'
  return undefined
}

/** All values of the first batch must fit, for a file keeps what it is given. */
export function shapeOf(column: SqliteColumn, values: readonly SqliteValue[]): Shape {
  const declared = declaredShape(column)
  const present = values.filter((value) => value !== null)
  if (declared !== undefined && present.every((value) => fits(value, declared))) return declared
  if (present.length === 0) return declared ?? 'text'
  if (present.every((value) => typeof value === 'bigint')) return 'integer'
  if (present.every((value) => typeof value === 'bigint' || typeof value === 'number'))
    return 'real'
  return present.some((value) => value instanceof Uint8Array) ? 'blob' : 'text'
}

function fits(value: SqliteValue, shape: Shape): boolean {
  switch (shape) {
    case 'integer':
      return typeof value === 'bigint'
    case 'real':
      return typeof value === 'number' || typeof value === 'bigint'
    case 'text':
      return typeof value !== 'object'
    case 'blob':
      return true
  }
}

const TYPES: Readonly<
  Record<Shape, Pick<Column, 'type' | 'collation' | 'length' | 'flags' | 'decimals'>>
> = {
  integer: {
    type: FIELD_TYPE.longLong,
    collation: COLLATION.binary,
    length: 20,
    flags: FIELD_FLAG.binary,
    decimals: 0,
  },
  real: {
    type: FIELD_TYPE.double,
    collation: COLLATION.binary,
    length: 22,
    flags: FIELD_FLAG.binary,
    decimals: 31,
  },
  text: {
    type: FIELD_TYPE.varString,
    collation: COLLATION.utf8mb4GeneralCi,
    length: 0xffff_ffff,
    flags: 0,
    decimals: 0,
  },
  blob: {
    type: FIELD_TYPE.blob,
    collation: COLLATION.binary,
    length: 0xffff_ffff,
    flags: FIELD_FLAG.blob | FIELD_FLAG.binary,
    decimals: 0,
  },
}

export function columnOf(column: SqliteColumn, shape: Shape, schema: string): Column {
  const table = column.table ?? ''
  return {
    ...TYPES[shape],
    ...{ schema: table === '' ? '' : schema, table, originalTable: table },
    ...{ name: column.name, originalName: column.column ?? '' },
  }
}

export function textOf(value: SqliteValue): Buffer | null {
  if (value === null) return null
  if (value instanceof Uint8Array) return Buffer.from(value)
  return Buffer.from(`${value}`, 'utf8')
}

/** In the form that the column's type promises: a value that can't have it would make all that follows unreadable. */
export function binaryOf(value: SqliteValue, shape: Shape): Buffer | null {
  if (value === null) return null
  if (shape === 'integer') return integerBytes(value)
  if (shape === 'real') return realBytes(value)
  const bytes = textOf(value)
  return bytes && lenencBytes(bytes)
}

function integerBytes(value: SqliteValue): Buffer {
  const isWhole = typeof value === 'number' && Number.isSafeInteger(value)
  if (typeof value !== 'bigint' && !isWhole) throw new WrongValue('an integer')
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(value as bigint | number))
  return bytes
}

function realBytes(value: SqliteValue): Buffer {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new WrongValue('a number')
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(Number(value))
  return bytes
}

/** Drivers send whole numbers as DOUBLE: SQLite would store 1.0 where the person said 1. */
export function parameterOf(value: null | bigint | number | string | Buffer): SqliteValue {
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
}
