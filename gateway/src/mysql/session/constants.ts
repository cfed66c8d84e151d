// What drivers ask of the server itself when they connect, where there is no MySQL server to ask. No table is read.
import {
  COLLATION,
  type Column,
  encodeColumn,
  encodeColumnCount,
  encodeEof,
  encodeTextRow,
  FIELD_TYPE,
  STATUS,
} from '@articdbm/wire/mysql'
import { SERVER_VERSION } from '../login/log-in.ts'

export interface ConstantFacts {
  readonly connectionId: number
  readonly user: string
  readonly database: string | undefined
}

type Value = string | undefined

/** A result set of one row. */
export interface Constant {
  readonly names: readonly string[]
  readonly values: readonly Value[]
}

const VARIABLES: Readonly<Record<string, string>> = {
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
  socket: '',
  sql_mode: 'STRICT_TRANS_TABLES',
  system_time_zone: 'UTC',
  time_zone: 'SYSTEM',
  transaction_isolation: 'SERIALIZABLE',
  tx_isolation: 'SERIALIZABLE',
  version: SERVER_VERSION,
  version_comment: 'ArticDBM',
  wait_timeout: '28800',
}

const FUNCTIONS: Readonly<Record<string, (facts: ConstantFacts) => Value>> = {
  'database()': ({ database }) => database,
  'schema()': ({ database }) => database,
  'connection_id()': ({ connectionId }) => `${connectionId}`,
  'version()': () => SERVER_VERSION,
  'user()': ({ user }) => `${user}@%`,
  'current_user()': ({ user }) => `${user}@%`,
  current_user: ({ user }) => `${user}@%`,
  'session_user()': ({ user }) => `${user}@%`,
}

const ITEM =
  /^(@@(?:session\.|global\.|local\.)?(\w+)|\w+ ?\(\)|current_user)(?: as [`'"]?(\w+)[`'"]?)?$/i

/** SELECT of nothing but system variables and facts of the session; undefined for anything else. */
export function constantOf(text: string, facts: ConstantFacts): Constant | undefined {
  const select = /^select\s+([^;]*?)(?:\s+limit\s+1)?\s*;?\s*$/is.exec(text.trim())
  if (!select?.[1]) return undefined
  const items = select[1].split(',').map((item) => itemOf(item.trim().replace(/\s+/g, ' '), facts))
  const known = items.filter((item) => item !== undefined)
  if (known.length !== items.length) return undefined
  return { names: known.map(({ name }) => name), values: known.map(({ value }) => value) }
}

function itemOf(text: string, facts: ConstantFacts): { name: string; value: Value } | undefined {
  const match = ITEM.exec(text)
  if (!match?.[1]) return undefined
  const name = match[3] ?? match[1]
  const variable = match[2]?.toLowerCase()
  if (variable !== undefined) {
    return Object.hasOwn(VARIABLES, variable) ? { name, value: VARIABLES[variable] } : undefined
  }
  const call = match[1].toLowerCase().replace(' ', '')
  const fact = Object.hasOwn(FUNCTIONS, call) ? FUNCTIONS[call] : undefined
  return fact && { name, value: fact(facts) }
}

/** Rows of text, whole. */
export function encodeConstant(
  { names, values }: Constant,
  status: number = STATUS.autocommit,
): Buffer[] {
  const end = encodeEof({ warnings: 0, status })
  const row = encodeTextRow(
    values.map((value) => (value === undefined ? null : Buffer.from(value))),
  )
  return [encodeColumnCount(names.length), ...names.map(textColumn), end, row, end]
}

export function textColumn(name: string): Buffer {
  const column: Column = {
    ...{ schema: '', table: '', originalTable: '', name, originalName: '' },
    ...{ collation: COLLATION.utf8mb4GeneralCi, length: 1024, type: FIELD_TYPE.varString },
    ...{ flags: 0, decimals: 31 },
  }
  return encodeColumn(column)
}
