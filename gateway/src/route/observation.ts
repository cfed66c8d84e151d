import type { Backend } from '@articdbm/contract'
import type { BackendConnection } from '../pool/pool.ts'
import type { Position } from './position.ts'

/** What a health check saw of a backend. Roles are what the servers say; the configured role is a wish. */
export interface Observation {
  readonly role: Backend['role']
  /** Why it answers and yet must take no statements (a Galera node that isn't synced); '' when it may. */
  readonly unfit: string
  /** All that a primary has committed, all that a replica has replayed; undefined where it can't be told. */
  readonly position: Position | undefined
  /** Behind its primary as it says itself; undefined where it can't tell. */
  readonly lagMs: number | undefined
  /** PostgreSQL's timeline: it rises with each promotion, so an older one is a primary of the past. */
  readonly timeline: number
}

/** Asks a backend how it is, on a connection that serves nothing else. Rejects when it doesn't answer. */
export type Probe<C extends BackendConnection> = (
  connection: C,
  configured: Backend['role'],
) => Promise<Observation>
