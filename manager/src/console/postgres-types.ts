import type { Cell, Column } from '@articdbm/contract'

/** pg_type.dat: oid, name, and how a page shows it. What isn't here is shown as its text. */
const TYPES: Readonly<Record<number, readonly [string, Column['kind']]>> = {
  16: ['bool', 'boolean'],
  17: ['bytea', 'bytes'],
  18: ['char', 'text'],
  19: ['name', 'text'],
  20: ['int8', 'number'],
  21: ['int2', 'number'],
  23: ['int4', 'number'],
  25: ['text', 'text'],
  26: ['oid', 'number'],
  114: ['json', 'json'],
  142: ['xml', 'text'],
  600: ['point', 'text'],
  650: ['cidr', 'text'],
  700: ['float4', 'number'],
  701: ['float8', 'number'],
  790: ['money', 'text'],
  829: ['macaddr', 'text'],
  869: ['inet', 'text'],
  1000: ['bool[]', 'text'],
  1005: ['int2[]', 'text'],
  1007: ['int4[]', 'text'],
  1009: ['text[]', 'text'],
  1015: ['varchar[]', 'text'],
  1016: ['int8[]', 'text'],
  1042: ['bpchar', 'text'],
  1043: ['varchar', 'text'],
  1082: ['date', 'time'],
  1083: ['time', 'time'],
  1114: ['timestamp', 'time'],
  1184: ['timestamptz', 'time'],
  1186: ['interval', 'time'],
  1231: ['numeric[]', 'text'],
  1266: ['timetz', 'time'],
  1560: ['bit', 'text'],
  1562: ['varbit', 'text'],
  1700: ['numeric', 'number'],
  2205: ['regclass', 'text'],
  2278: ['void', 'text'],
  2950: ['uuid', 'text'],
  3802: ['jsonb', 'json'],
}

/** Exact in a double: int2, int4, oid. float4 and float8 are doubles themselves. */
const AS_NUMBER = new Set([21, 23, 26, 700, 701])
const BOOL = 16
const BYTEA = 17

export function postgresColumn(name: string, oid: number): Column {
  const [type, kind] = TYPES[oid] ?? [`oid ${oid}`, 'text']
  return { name, type, kind }
}

/** From the text format. */
export function postgresCell(text: string | null, oid: number): Cell {
  if (text === null) return null
  if (oid === BOOL) return text === 't'
  if (oid === BYTEA) return bytes(text)
  if (!AS_NUMBER.has(oid)) return text
  const number = Number(text)
  return Number.isFinite(number) ? number : text
}

/** bytea_output = hex; the old escape format is shown as it is. */
function bytes(text: string): Cell {
  return text.startsWith('\\x')
    ? { base64: Buffer.from(text.slice(2), 'hex').toString('base64') }
    : text
}
