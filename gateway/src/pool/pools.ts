import type { Backend, DatabaseStatus, Engine, Secret, SnapshotDatabase } from '@articdbm/contract'
import type { Probe } from '../route/observation.ts'
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

/** Resolves when the backend has all that its cluster had accepted before. Rejects when it takes too long. */
export type CatchUp<C extends BackendConnection> = (connection: C) => Promise<void>

/** How one door speaks to its backends. */
export interface Protocol<C extends BackendConnection> {
  readonly dial: Dialer<C>
  /** Pools of these engines are opened and warmed up as soon as a snapshot names their database. */
  readonly engines?: readonly Engine[]
  /** With it the backends are watched. */
  readonly probe?: Probe<C>
  readonly catchUp?: CatchUp<C>
}

/** The pools of one kind of connection, one a backend; `of` a database finds the way to the right one. */
export interface Pools<C extends BackendConnection> {
  of(database: SnapshotDatabase): Pool<C>
  status(): readonly DatabaseStatus[]
  close(): Promise<void>
}
