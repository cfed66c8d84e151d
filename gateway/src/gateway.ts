// What a door may use of the gateway. main.ts puts it together; a session never reaches around it.

import type { Socket } from 'node:net'
import type { SnapshotDatabase, SnapshotPrincipal } from '@articdbm/contract'
import type { Admission } from './admit/admission.ts'
import type { Identity } from './identity/identity.ts'
import type { DoorTls } from './listen/door-tls.ts'
import type { Log } from './log.ts'
import type { Observer } from './observe/observer.ts'
import type { BackendConnection } from './pool/pool.ts'
import type { Pools, Protocol } from './pool/pools.ts'
import type { Positions } from './route/positions.ts'
import type { SqliteConnection } from './sqlite/index.ts'

export type { Log } from './log.ts'
export type { SessionFacts } from './session-facts.ts'

export interface GatewayLimits {
  /** Of one frame from a client, and of one request that is collected before it is judged. */
  readonly maxFrameBytes: number
  readonly maxRequestBytes: number
  /** From accept to a finished log-in. */
  readonly loginTimeoutMs: number
  /** A client that takes none of its answer for this long is closed. */
  readonly stallTimeoutMs: number
  readonly maxPreparedPerSession: number
}

export interface Gateway {
  readonly identity: Identity
  readonly admission: Admission
  readonly observer: Observer
  readonly limits: GatewayLimits
  /** Undefined: this door has no certificate and answers TLS requests with "no". */
  readonly tls: DoorTls | undefined
  /** The database as the newest snapshot has it; undefined once it was removed. */
  readonly database: (id: string) => SnapshotDatabase | undefined
  /** Somebody as the newest snapshot has them. */
  readonly principal: (id: string) => SnapshotPrincipal | undefined
  /** Tokens by which sessions read what others have written. */
  readonly positions: Positions
  /** For each door its own pools of its own backend connections. */
  readonly createPools: <C extends BackendConnection>(protocol: Protocol<C>) => Pools<C>
  /** SQLite connections are leased from here by both doors. */
  readonly sqlite: Pools<SqliteLeasable>
  /** Aborts when the gateway drains: idle sessions end now, others after their transaction, with ShuttingDown. */
  readonly draining: AbortSignal
  /** Drains fault texts and bugs into the log. */
  readonly log: Log
}

/** A SQLite connection as the pool sees it. */
export type SqliteLeasable = SqliteConnection & BackendConnection

/** One wire protocol: it takes accepted sockets until it is closed. */
export interface WireDoor {
  /** Resolves when the session is over; never rejects. */
  serve(socket: Socket, address: string): Promise<void>
  /** Ends what is left, after draining. */
  close(): Promise<void>
}
