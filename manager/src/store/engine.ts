// What an engine must do for the store. Three folders implement it; nothing above the store knows which.
import type { Fault } from '@articdbm/contract'
import type { DialectAdapter, Kysely, QueryCompiler } from 'kysely'
import type { StoreType } from './store-config.ts'

/** What may be written into a column. Times are text, JSON is text. */
export type Value = string | number | bigint | null | Uint8Array
export type Row = Record<string, unknown>

export interface Answer {
  readonly rows: readonly Row[]
  readonly affected: number | undefined
}

/** One connection, owned by whoever connected until it is released or destroyed. */
export interface Session {
  execute(sql: string, parameters: readonly Value[]): Promise<Answer>
  release(): void
  /** For a connection whose state nobody knows. */
  destroy(): void
}

export interface Engine {
  readonly type: StoreType
  /** Opens a transaction in which writers of the same row wait for each other. */
  readonly begin: string
  connect(): Promise<Session>
  end(): Promise<void>
  /** The fault that an engine's error means; undefined for a bug, as a wrong statement. */
  explain(error: unknown, table: string): Fault | undefined
  adapter(): DialectAdapter
  compiler(): QueryCompiler
  // biome-ignore lint/suspicious/noExplicitAny: Kysely's own signature of an introspector's database
  introspector(db: Kysely<any>): import('kysely').DatabaseIntrospector
}

/** A number where it is exact, else a bigint: engines send whole numbers as text or as 64 bits. */
export function exactNumber(digits: string | bigint): number | bigint {
  const number = Number(digits)
  if (typeof digits === 'string' && !/^-?\d+$/.test(digits)) return number
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}

export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return typeof code === 'string' ? code : ''
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const NETWORK =
  /^(ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|EADDRNOTAVAIL|PROTOCOL_|POOL_CLOSED|HANDSHAKE)/

const UNTRUSTED = /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_|ERR_OSSL)/

/** A failure below the SQL protocol, whichever driver met it. */
export function isNetworkFailure(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.every(isNetworkFailure)
  const code = codeOf(error)
  return NETWORK.test(code) || UNTRUSTED.test(code)
}
