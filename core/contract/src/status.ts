// What a gateway tells the manager of itself, every second.
import { type Static, Type } from 'typebox'
import { BackendRole } from './snapshot.ts'
import { Instant } from './vocabulary.ts'

/** Connections of a pool, and requests that wait for one. */
const FIGURES = {
  open: Type.Integer(),
  idle: Type.Integer(),
  leased: Type.Integer(),
  waiting: Type.Integer(),
}

/** One backend of a database as a gateway sees it. */
export const BackendStatus = Type.Object(
  {
    host: Type.String(),
    port: Type.Integer(),
    /** What it was last seen to be; the configured role until it was seen. */
    role: BackendRole,
    configuredRole: BackendRole,
    /** `draining`: its weight is 0. */
    state: Type.Union([
      Type.Literal('up'),
      Type.Literal('down'),
      Type.Literal('unknown'),
      Type.Literal('draining'),
    ]),
    message: Type.String(),
    /** Behind the primary; null where nobody can tell, or for a primary. */
    lagMs: Type.Union([Type.Number(), Type.Null()]),
    weight: Type.Integer(),
    ...FIGURES,
  },
  { title: 'BackendStatus' },
)
export type BackendStatus = Static<typeof BackendStatus>

/** A connection that belongs to one session until its end, and why. */
export const PinnedConnection = Type.Object(
  {
    /** `host:port` of the backend. */
    backend: Type.String(),
    user: Type.String(),
    application: Type.String(),
    reason: Type.String(),
    /** The beginning of the statement that pinned it, literals out. */
    statement: Type.String(),
    digest: Type.String(),
    since: Instant,
  },
  { title: 'PinnedConnection' },
)
export type PinnedConnection = Static<typeof PinnedConnection>

export const DatabaseStatus = Type.Object({
  databaseId: Type.String(),
  state: Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('unknown')]),
  message: Type.String(),
  sessions: Type.Integer(),
  ...FIGURES,
  maxConnections: Type.Integer(),
  backends: Type.Optional(Type.Array(BackendStatus)),
  /** At most 100 of them, the oldest first. */
  pinned: Type.Optional(Type.Array(PinnedConnection)),
})
export type DatabaseStatus = Static<typeof DatabaseStatus>

/** Counters run from the gateway's start; latencies are of the last interval, in milliseconds. */
export const GatewayStatus = Type.Object({
  gateway: Type.String(),
  at: Instant,
  startedAt: Instant,
  version: Type.String(),
  revision: Type.Integer(),
  isDraining: Type.Boolean(),
  sessions: Type.Integer(),
  statements: Type.Integer(),
  blocked: Type.Integer(),
  errors: Type.Integer(),
  p50Ms: Type.Number(),
  p99Ms: Type.Number(),
  auditBacklog: Type.Integer(),
  databases: Type.Array(DatabaseStatus),
})
export type GatewayStatus = Static<typeof GatewayStatus>
