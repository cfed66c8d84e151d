// What the gateway and an engine's process say to each other: one question, one answer, in turn.
import type { SqliteAccess, SqliteColumn, SqliteValue } from './types.ts'

export type Question =
  | { readonly kind: 'open'; readonly path: string }
  | {
      readonly kind: 'describe'
      readonly sql: string
      readonly allowed: Allowed
      readonly isDefinition: boolean
    }
  | ({ readonly kind: 'start' } & Start)
  | { readonly kind: 'next' }
  | ({ readonly kind: 'insert' } & Insert)
  /** Ends a statement early. What it changed by then stays, or is undone. */
  | { readonly kind: 'finish'; readonly outcome: 'keep' | 'undo' }

export type Allowed = readonly SqliteAccess[] | 'everything'

export interface Start {
  readonly sql: string
  /** Values of the nameless parameters, in order. */
  readonly values: readonly SqliteValue[]
  /** Values by name, `$1` and `?2` included. */
  readonly named: Readonly<Record<string, SqliteValue>>
  readonly allowed: Allowed
  /** It defines something, so that SQLite itself must read and write its schema tables. */
  readonly isDefinition: boolean
  readonly isReturning: boolean
}

/** One INSERT for each of these rows. */
export interface Insert {
  readonly sql: string
  readonly rows: readonly (readonly SqliteValue[])[]
  readonly allowed: Allowed
}

export interface Failure {
  readonly message: string
  readonly resultCode: number | undefined
}

export interface Ended {
  readonly changes: number
  readonly lastInsertRowid: bigint
}

export interface SessionState {
  readonly inTransaction: boolean
  readonly isPristine: boolean
}

export type Answer =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'done' } & SessionState)
  | { readonly kind: 'described'; readonly columns: readonly SqliteColumn[] }
  | ({
      readonly kind: 'batch'
      /** With a statement's first batch alone. */
      readonly columns: readonly SqliteColumn[] | undefined
      readonly rows: readonly (readonly SqliteValue[])[]
      readonly ended: Ended | undefined
    } & SessionState)
  /** So many rows went in; the next one, if there is a failure, did not. */
  | ({
      readonly kind: 'inserted'
      readonly count: number
      readonly failure: Failure | undefined
    } & SessionState)
  | ({ readonly kind: 'failed' } & Failure & SessionState)
