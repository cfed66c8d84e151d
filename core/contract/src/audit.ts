// What is recorded of each statement: first that it is about to be forwarded (or was refused), then how it ended.
import { type Static, Type } from 'typebox'
import { Finding, VerdictAction } from './verdict.ts'
import { Door, Instant } from './vocabulary.ts'

export const AuditRelation = Type.Object({
  name: Type.String(),
  access: Type.Union([Type.Literal('read'), Type.Literal('write')]),
})
export type AuditRelation = Static<typeof AuditRelation>

/** Written durably before a statement is forwarded. `id` is also the verdict id that a refused person sees. */
export const StatementRecorded = Type.Object({
  kind: Type.Literal('statement.recorded'),
  id: Type.String(),
  at: Instant,
  gateway: Type.String(),
  session: Type.String(),
  door: Door,
  principalId: Type.String(),
  principal: Type.String(),
  address: Type.String(),
  application: Type.String(),
  databaseId: Type.String(),
  database: Type.String(),
  sql: Type.String(),
  /** True where `sql` is only the beginning of a longer text. */
  isTruncated: Type.Boolean(),
  digest: Type.String(),
  effects: Type.Array(Type.String()),
  relations: Type.Array(AuditRelation),
  verdict: VerdictAction,
  rule: Type.String(),
  score: Type.Integer(),
  message: Type.String(),
  /** What the firewall's detectors found in it; offsets in `sql`. Absent: nothing. */
  findings: Type.Optional(Type.Array(Finding, { maxItems: 50 })),
})
export type StatementRecorded = Static<typeof StatementRecorded>

/** How a forwarded statement ended. Absent after a crash: then nobody knows, and the audit says so. */
export const StatementEnded = Type.Object({
  kind: Type.Literal('statement.ended'),
  id: Type.String(),
  at: Instant,
  outcome: Type.Union([
    Type.Literal('ok'),
    Type.Literal('error'),
    Type.Literal('cancelled'),
    Type.Literal('lost'),
  ]),
  /** Rows returned, or changed where none is returned. */
  rows: Type.Integer({ minimum: 0 }),
  /** Bytes of the answer as sent to the client. */
  bytes: Type.Integer({ minimum: 0 }),
  durationMs: Type.Number({ minimum: 0 }),
  /** SQLSTATE or MySQL errno of a failure, else ''. */
  errorCode: Type.String(),
})
export type StatementEnded = Static<typeof StatementEnded>

/** A login at a door that failed or succeeded. */
export const SessionOpened = Type.Object({
  kind: Type.Literal('session.opened'),
  id: Type.String(),
  at: Instant,
  gateway: Type.String(),
  session: Type.String(),
  door: Door,
  principalId: Type.String(),
  principal: Type.String(),
  address: Type.String(),
  application: Type.String(),
  database: Type.String(),
  isRefused: Type.Boolean(),
  message: Type.String(),
})
export type SessionOpened = Static<typeof SessionOpened>

export const AuditEvent = Type.Union([StatementRecorded, StatementEnded, SessionOpened])
export type AuditEvent = Static<typeof AuditEvent>

/** A batch as the gateway ships it; the manager takes each event once, whatever is sent twice. */
export const AuditBatch = Type.Object({
  events: Type.Array(AuditEvent, { maxItems: 20_000 }),
})
export type AuditBatch = Static<typeof AuditBatch>
