// What a gateway tells the manager of itself, every second.
import { type Static, Type } from 'typebox'
import { Instant } from './vocabulary.ts'

export const DatabaseStatus = Type.Object({
  databaseId: Type.String(),
  state: Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('unknown')]),
  message: Type.String(),
  sessions: Type.Integer(),
  open: Type.Integer(),
  idle: Type.Integer(),
  leased: Type.Integer(),
  waiting: Type.Integer(),
  maxConnections: Type.Integer(),
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
