// PostgreSQL's $1 for SQLite, and the values that clients bind to it.
import { isUtf8 } from 'node:buffer'
import type { Analysis, Token } from '@articdbm/sql'
import type { FrontendMessage } from '@articdbm/wire/postgres'
import type { SqliteValue } from '../../sqlite/index.ts'
import { PostgresFault } from '../fault.ts'
import { OID } from './types.ts'

/** To SQLite `$1` is a name, numbered by where it first stands; `?1` is the first parameter wherever it stands. */
export function numberParameters(analysis: Analysis, start: number, end: number): string {
  let text = ''
  let at = start
  for (const token of analysis.tokens) {
    const number = token.start >= start && token.end <= end ? numberOf(token, analysis) : undefined
    if (number === undefined) continue
    text += `${analysis.text.slice(at, token.start)}?${number}`
    at = token.end
  }
  return text + analysis.text.slice(at, end)
}

/** SQLite's lexer takes a PostgreSQL cast for a part of the name: `$1::int`. */
function numberOf(token: Token, analysis: Analysis): string | undefined {
  if (token.kind !== 'parameter') return undefined
  return analysis.text.slice(token.start, token.end).match(/^\$(\d{1,5})(?:::\w+)?$/)?.[1]
}

type Bind = FrontendMessage & { readonly kind: 'bind' }

export function bindValues(bind: Bind, types: readonly number[]): readonly SqliteValue[] {
  return bind.parameters.map((bytes, at) => {
    if (bytes === null) return null
    const formats = bind.parameterFormats
    const format = formats.length === 1 ? formats[0] : formats[at]
    const type = types[at] ?? 0
    if (format === 1) return readBinary(bytes, type)
    return readText(utf8(bytes), type)
  })
}

function utf8(bytes: Buffer): string {
  if (!isUtf8(bytes)) {
    throw new PostgresFault('22021', 'invalid byte sequence for encoding "UTF8"')
  }
  return bytes.toString('utf8')
}

const INTEGERS: readonly number[] = [OID.int2, OID.int4, OID.int8, OID.oid]
const FLOATS: readonly number[] = [OID.float4, OID.float8]

function readText(text: string, type: number): SqliteValue {
  if (INTEGERS.includes(type)) return readInteger(text)
  if (FLOATS.includes(type)) return readFloat(text)
  if (type === OID.bool) return /^\s*(t|tr|tru|true|y|ye|yes|on|1)\s*$/i.test(text) ? 1n : 0n
  if (type === OID.bytea) return readHex(text)
  if (type === OID.numeric || type === 0) return readNumber(text) ?? text
  return text
}

function readInteger(text: string): bigint {
  if (!/^\s*[+-]?\d{1,19}\s*$/.test(text)) throw invalid(text, 'bigint')
  const value = BigInt(text.trim().replace('+', ''))
  if (BigInt.asIntN(64, value) !== value)
    throw new PostgresFault('22003', `${text} is out of range`)
  return value
}

function readFloat(text: string): number {
  const special = new Map([
    ['nan', Number.NaN],
    ['infinity', Number.POSITIVE_INFINITY],
    ['-infinity', Number.NEGATIVE_INFINITY],
  ]).get(text.trim().toLowerCase())
  if (special !== undefined) return special
  const value = Number(text)
  if (text.trim() === '' || Number.isNaN(value)) throw invalid(text, 'double precision')
  return value
}

function readHex(text: string): Uint8Array {
  if (text.startsWith('\\x') && /^(?:[0-9a-f]{2})*$/i.test(text.slice(2))) {
    return Buffer.from(text.slice(2), 'hex')
  }
  throw invalid(text.slice(0, 20), 'bytea')
}

/**
 * A client that gives no type leaves it to the server, which for SQLite is the value itself: what is written exactly
 * as SQLite would write it is a number, and a TEXT column turns it back into the same text.
 */
export function readNumber(text: string): bigint | number | undefined {
  if (/^(?:0|-?[1-9]\d{0,17})$/.test(text)) return BigInt(text)
  if (!/^-?(?:0|[1-9]\d{0,9})\.\d{0,4}[1-9]$/.test(text)) return undefined
  return Number(text)
}

function readBinary(bytes: Buffer, type: number): SqliteValue {
  const reader = BINARY.get(type)
  if (!reader)
    throw new PostgresFault(
      '0A000',
      `binary parameters of type ${type} are not supported for SQLite`,
    )
  const [size, read] = reader
  if (size !== undefined && bytes.length !== size) {
    throw new PostgresFault('22P03', 'incorrect binary data format in a bind parameter')
  }
  return read(bytes)
}

const BINARY: ReadonlyMap<number, readonly [number | undefined, (bytes: Buffer) => SqliteValue]> =
  new Map<number, readonly [number | undefined, (bytes: Buffer) => SqliteValue]>([
    // No type, yet binary: drivers send only bytes that way.
    [0, [undefined, (bytes) => Uint8Array.from(bytes)]],
    [OID.text, [undefined, utf8]],
    [OID.varchar, [undefined, utf8]],
    [OID.json, [undefined, utf8]],
    [OID.bytea, [undefined, (bytes) => Uint8Array.from(bytes)]],
    [OID.bool, [1, (bytes) => BigInt(bytes.readUInt8(0))]],
    [OID.int2, [2, (bytes) => BigInt(bytes.readInt16BE(0))]],
    [OID.int4, [4, (bytes) => BigInt(bytes.readInt32BE(0))]],
    [OID.oid, [4, (bytes) => BigInt(bytes.readUInt32BE(0))]],
    [OID.int8, [8, (bytes) => bytes.readBigInt64BE(0)]],
    [OID.float4, [4, (bytes) => bytes.readFloatBE(0)]],
    [OID.float8, [8, (bytes) => bytes.readDoubleBE(0)]],
  ])

function invalid(text: string, type: string): PostgresFault {
  return new PostgresFault(
    '22P02',
    `invalid input syntax for type ${type}: ${JSON.stringify(text)}`,
  )
}
