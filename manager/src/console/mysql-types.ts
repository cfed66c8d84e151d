import type { Cell, Column } from '@articdbm/contract'

/** enum_field_types of the protocol's column definition. */
const TYPES: Readonly<Record<number, readonly [string, Column['kind']]>> = {
  0: ['DECIMAL', 'number'],
  1: ['TINYINT', 'number'],
  2: ['SMALLINT', 'number'],
  3: ['INT', 'number'],
  4: ['FLOAT', 'number'],
  5: ['DOUBLE', 'number'],
  6: ['NULL', 'text'],
  7: ['TIMESTAMP', 'time'],
  8: ['BIGINT', 'number'],
  9: ['MEDIUMINT', 'number'],
  10: ['DATE', 'time'],
  11: ['TIME', 'time'],
  12: ['DATETIME', 'time'],
  13: ['YEAR', 'number'],
  15: ['VARCHAR', 'text'],
  16: ['BIT', 'bytes'],
  245: ['JSON', 'json'],
  246: ['DECIMAL', 'number'],
  247: ['ENUM', 'text'],
  248: ['SET', 'text'],
  249: ['TINYTEXT', 'text'],
  250: ['MEDIUMTEXT', 'text'],
  251: ['LONGTEXT', 'text'],
  252: ['TEXT', 'text'],
  253: ['VARCHAR', 'text'],
  254: ['CHAR', 'text'],
  255: ['GEOMETRY', 'bytes'],
}

const BINARY_NAMES: Readonly<Record<string, string>> = {
  VARCHAR: 'VARBINARY',
  CHAR: 'BINARY',
  TEXT: 'BLOB',
  TINYTEXT: 'TINYBLOB',
  MEDIUMTEXT: 'MEDIUMBLOB',
  LONGTEXT: 'LONGBLOB',
}

/** The collation `binary`: these are bytes, not text. */
const BINARY_CHARSET = 63
/** Exact in a double. BIGINT and DECIMAL stay text. */
const AS_NUMBER = new Set(['TINYINT', 'SMALLINT', 'MEDIUMINT', 'INT', 'FLOAT', 'DOUBLE', 'YEAR'])

export interface MysqlField {
  readonly name: string
  readonly columnType?: number
  readonly type?: number
  readonly characterSet?: number
}

export function mysqlColumn(field: MysqlField): Column {
  const [type, kind] = TYPES[field.columnType ?? field.type ?? -1] ?? ['UNKNOWN', 'text']
  const isBytes = kind === 'text' && field.characterSet === BINARY_CHARSET
  const binaryName = BINARY_NAMES[type]
  if (isBytes && binaryName) return { name: field.name, type: binaryName, kind: 'bytes' }
  return { name: field.name, type, kind }
}

export function mysqlCell(value: unknown, column: Column): Cell {
  if (value === null || value === undefined) return null
  if (column.kind === 'bytes' && Buffer.isBuffer(value)) return { base64: value.toString('base64') }
  const text = Buffer.isBuffer(value) ? value.toString('utf8') : plainText(value)
  return AS_NUMBER.has(column.type) ? Number(text) : text
}

function plainText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
