// What drivers ask of the server itself when they connect, where there is no MySQL server to ask. No table is read.
import {
  COLLATION,
  type Column,
  encodeBinaryRow,
  encodeColumn,
  encodeColumnCount,
  encodeEof,
  encodeTextRow,
  FIELD_TYPE,
  lenencText,
  STATUS,
} from '@articdbm/wire/mysql'

export interface ConstantFacts {
  readonly connectionId: number
  readonly user: string
  readonly version: string
  readonly database: string | undefined
}

type Value = string | undefined

/** A result set of texts that needs no server. */
export interface Constant {
  readonly names: readonly string[]
  readonly rows: readonly (readonly Value[])[]
  /** Columns whose values are whole numbers. */
  readonly numeric?: readonly boolean[]
}

const FIXED: Readonly<Record<string, string>> = {
  autocommit: '1',
  auto_increment_increment: '1',
  character_set_client: 'utf8mb4',
  character_set_connection: 'utf8mb4',
  character_set_database: 'utf8mb4',
  character_set_results: 'utf8mb4',
  character_set_server: 'utf8mb4',
  collation_connection: 'utf8mb4_general_ci',
  collation_server: 'utf8mb4_general_ci',
  init_connect: '',
  interactive_timeout: '28800',
  license: 'GPL',
  lower_case_table_names: '0',
  max_allowed_packet: '16777216',
  net_write_timeout: '60',
  performance_schema: '0',
  protocol_version: '10',
  query_cache_size: '0',
  query_cache_type: 'OFF',
  socket: '',
  sql_mode: 'STRICT_TRANS_TABLES',
  system_time_zone: 'UTC',
  time_zone: 'SYSTEM',
  transaction_isolation: 'SERIALIZABLE',
  tx_isolation: 'SERIALIZABLE',
  version_comment: 'ArticDBM',
  wait_timeout: '28800',
}

function variablesOf({
  version,
}: Pick<ConstantFacts, 'version'>): Readonly<Record<string, string>> {
  return { ...FIXED, version }
}

const FUNCTIONS: Readonly<Record<string, (facts: ConstantFacts) => Value>> = {
  'database()': ({ database }) => database,
  'schema()': ({ database }) => database,
  'connection_id()': ({ connectionId }) => `${connectionId}`,
  'version()': ({ version }) => version,
  'user()': ({ user }) => `${user}@%`,
  'current_user()': ({ user }) => `${user}@%`,
  current_user: ({ user }) => `${user}@%`,
  'session_user()': ({ user }) => `${user}@%`,
}

const ITEM =
  /^(@@(?:session\.|global\.|local\.)?(\w+)|\w+ ?\(\)|current_user)(?: as [`'"]?(\w+)[`'"]?)?$/i

/** Longer texts are no driver's greeting, and the patterns here must not meet them. */
const MAX_LENGTH = 4096

/** Without the comment that some drivers begin with, and without a last semicolon; undefined for a long text. */
export function shortText(text: string): string | undefined {
  if (text.length > MAX_LENGTH) return undefined
  return text
    .replace(/^\s*\/\*[^!*][^*]*\*\//, '')
    .trim()
    .replace(/;$/, '')
    .trimEnd()
}

/** SELECT of nothing but system variables and facts of the session; undefined for anything else. */
export function constantOf(text: string, facts: ConstantFacts): Constant | undefined {
  const select = /^select\s(.*)$/is.exec(text)
  if (!select?.[1]) return undefined
  const list = select[1].replace(/\s(?:limit 1|from dual)$/i, '')
  const items = list.split(',').map((item) => itemOf(withoutSpace(item), facts))
  const known = items.filter((item) => item !== undefined)
  if (known.length !== items.length) return undefined
  const values = known.map(({ value }) => value)
  return { names: known.map(({ name }) => name), rows: [values], numeric: values.map(isNumber) }
}

function withoutSpace(item: string): string {
  return item
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/ ?\( ?\)/, '()')
}

function isNumber(value: Value): boolean {
  return value !== undefined && /^\d{1,18}$/.test(value)
}

function itemOf(text: string, facts: ConstantFacts): { name: string; value: Value } | undefined {
  const match = ITEM.exec(text)
  if (!match?.[1]) return undefined
  const name = match[3] ?? match[1]
  const variable = match[2]?.toLowerCase()
  if (variable !== undefined) {
    const variables = variablesOf(facts)
    return Object.hasOwn(variables, variable) ? { name, value: variables[variable] } : undefined
  }
  const call = match[1].toLowerCase().replace(' ', '')
  const fact = Object.hasOwn(FUNCTIONS, call) ? FUNCTIONS[call] : undefined
  return fact && { name, value: fact(facts) }
}

/** SHOW VARIABLES, as far as a session without a MySQL server has them. */
export function variablesLike(
  pattern: string | undefined,
  facts: Pick<ConstantFacts, 'version'>,
): Constant {
  const isWanted = likePattern(pattern ?? '%')
  const rows = Object.entries(variablesOf(facts)).filter(([name]) => isWanted.test(name))
  return { names: ['Variable_name', 'Value'], rows }
}

export function likePattern(pattern: string): RegExp {
  const parts = [...pattern].map((character) => {
    if (character === '%') return '.*'
    return character === '_' ? '.' : character.replace(/[^\w]/, '\\$&')
  })
  return new RegExp(`^${parts.join('')}$`, 'is')
}

export function encodeConstant(constant: Constant, status: number = STATUS.autocommit): Buffer[] {
  const end = encodeEof({ warnings: 0, status })
  const rows = constant.rows.map((row) =>
    encodeTextRow(row.map((value) => (value === undefined ? null : Buffer.from(value)))),
  )
  return [...encodeNames(constant), end, ...rows, end]
}

/** The same for COM_STMT_EXECUTE. */
export function encodeBinaryConstant(constant: Constant, status: number): Buffer[] {
  const end = encodeEof({ warnings: 0, status })
  const rows = constant.rows.map((row) =>
    encodeBinaryRow(row.map((value, at) => binaryOf(value, constant.numeric?.[at] ?? false))),
  )
  return [...encodeNames(constant), end, ...rows, end]
}

function binaryOf(value: Value, isNumeric: boolean): Buffer | null {
  if (value === undefined) return null
  if (!isNumeric) return lenencText(value)
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(value))
  return bytes
}

function encodeNames(constant: Constant): readonly Buffer[] {
  return [encodeColumnCount(constant.names.length), ...constantColumns(constant)]
}

export function constantColumns({ names, numeric }: Constant): readonly Buffer[] {
  return names.map((name, at) =>
    numeric?.[at] ? encodeColumn(numberColumn(name)) : textColumn(name),
  )
}

export function textColumn(name: string): Buffer {
  return encodeColumn(columnNamed(name))
}

function numberColumn(name: string): Column {
  const type = FIELD_TYPE.longLong
  return { ...columnNamed(name), type, collation: COLLATION.binary, length: 20, decimals: 0 }
}

function columnNamed(name: string): Column {
  return {
    ...{ schema: '', table: '', originalTable: '', name, originalName: '' },
    ...{ collation: COLLATION.utf8mb4GeneralCi, length: 1024, type: FIELD_TYPE.varString },
    ...{ flags: 0, decimals: 31 },
  }
}
