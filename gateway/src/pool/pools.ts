import type { Backend, DatabaseStatus, Secret, SnapshotDatabase } from '@articdbm/contract'
import type { BackendConnection, Pool } from './pool.ts'

export interface DialTarget {
  readonly database: SnapshotDatabase
  readonly backend: Backend
  readonly user: string
  readonly password: Secret
}

/** Opens and authenticates one connection. Throws BackendUnavailable with a reason a person can act on. */
export type Dialer<C extends BackendConnection> = (
  target: DialTarget,
  signal: AbortSignal,
) => Promise<C>

/** The pools of one kind of connection, one a backend; `of` a database finds the way to the right one. */
export interface Pools<C extends BackendConnection> {
  of(database: SnapshotDatabase): Pool<C>
  status(): readonly DatabaseStatus[]
  close(): Promise<void>
}
