// What the manager tells open pages. Ids and figures only: a page fetches what it may see.
import { type Static, Type } from 'typebox'
import { VerdictAction } from './verdict.ts'
import { Instant } from './vocabulary.ts'

export const LiveEvent = Type.Union([
  Type.Object({
    type: Type.Literal('audit.recorded'),
    /** The newest audit ids of this batch, at most 100, oldest first. */
    ids: Type.Array(Type.String()),
    count: Type.Integer(),
    worst: VerdictAction,
    at: Instant,
  }),
  Type.Object({
    type: Type.Literal('traffic'),
    at: Instant,
    statementsPerSecond: Type.Number(),
    blockedPerSecond: Type.Number(),
    p50Ms: Type.Number(),
    p99Ms: Type.Number(),
    sessions: Type.Integer(),
  }),
  Type.Object({
    type: Type.Literal('changed'),
    what: Type.Union([
      Type.Literal('users'),
      Type.Literal('databases'),
      Type.Literal('grants'),
      Type.Literal('firewall'),
      Type.Literal('sql-files'),
      Type.Literal('gateways'),
    ]),
    at: Instant,
  }),
])
export type LiveEvent = Static<typeof LiveEvent>
