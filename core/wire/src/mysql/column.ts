// Column definitions and rows: what a result set is made of.
import { MARKER } from './constants.ts'
import { PayloadReader } from './payload-reader.ts'
import { lenenc, lenencBytes, lenencText, uint8, uint16, uint32, zeros } from './payload-writer.ts'

export interface Column {
  readonly schema: string
  readonly table: string
  readonly originalTable: string
  readonly name: string
  readonly originalName: string
  readonly collation: number
  readonly length: number
  readonly type: number
  readonly flags: number
  readonly decimals: number
}

const FIXED_BYTES = 12

export function encodeColumn(column: Column): Buffer {
  return Buffer.concat([
    ...['def', column.schema, column.table, column.originalTable].map(lenencText),
    ...[column.name, column.originalName].map(lenencText),
    uint8(FIXED_BYTES),
    uint16(column.collation),
    uint32(column.length),
    uint8(column.type),
    uint16(column.flags),
    uint8(column.decimals),
    zeros(2),
  ])
}

export function decodeColumn(payload: Buffer): Column {
  const reader = new PayloadReader(payload)
  const text = () => reader.lenencBytes().toString('utf8')
  text() // the catalog, always "def"
  const [schema, table, originalTable] = [text(), text(), text()]
  const [name, originalName] = [text(), text()]
  reader.lenenc()
  const [collation, length] = [reader.uint16(), reader.uint32()]
  const [type, flags, decimals] = [reader.uint8(), reader.uint16(), reader.uint8()]
  return {
    schema,
    table,
    originalTable,
    name,
    originalName,
    collation,
    length,
    type,
    flags,
    decimals,
  }
}

export function encodeColumnCount(count: number): Buffer {
  return lenenc(count)
}

/** Every value as text, NULL as one byte. */
export function encodeTextRow(values: readonly (Uint8Array | null)[]): Buffer {
  return Buffer.concat(
    values.map((value) => (value === null ? uint8(MARKER.localInfile) : lenencBytes(value))),
  )
}

export function decodeTextRow(payload: Buffer, columns: number): readonly (Buffer | null)[] {
  const reader = new PayloadReader(payload)
  return Array.from({ length: columns }, () => reader.lenencBytesOrNull())
}

/** Values already in the binary form of their column's type; in the bitmap, two bits are reserved. */
export function encodeBinaryRow(values: readonly (Uint8Array | null)[]): Buffer {
  const bitmap = nullBitmap(values, 2)
  return Buffer.concat([uint8(MARKER.ok), bitmap, ...values.filter((value) => value !== null)])
}

export function nullBitmap(values: readonly unknown[], offset: number): Buffer {
  const bitmap = Buffer.alloc((values.length + offset + 7) >> 3)
  values.forEach((value, index) => {
    if (value !== null) return
    const bit = index + offset
    bitmap.writeUInt8(bitmap.readUInt8(bit >> 3) | (1 << (bit & 7)), bit >> 3)
  })
  return bitmap
}
