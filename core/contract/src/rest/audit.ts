// What the audit answers.
import { type Static, Type } from 'typebox'
import { AuditRelation } from '../audit.ts'
import { Finding, VerdictAction } from '../verdict.ts'
import { Door, Instant } from '../vocabulary.ts'

const Nothing = Type.Null()

export const AuditKind = Type.Union([
  Type.Literal('statement'),
  Type.Literal('session'),
  Type.Literal('administration'),
])
export type AuditKind = Static<typeof AuditKind>

/** One row of the audit: a statement, a login at a door, or an administrative action. */
export const AuditEntry = Type.Object(
  {
    /** Also the verdict id that a refused person sees. */
    id: Type.String(),
    kind: AuditKind,
    at: Instant,
    gateway: Type.String(),
    session: Type.String(),
    /** `web` for what was done in the manager. */
    door: Type.Union([Door, Type.Literal('web')]),
    principalId: Type.String(),
    principal: Type.String(),
    address: Type.String(),
    application: Type.String(),
    databaseId: Type.String(),
    database: Type.String(),
    sql: Type.String(),
    isTruncated: Type.Boolean(),
    digest: Type.String(),
    effects: Type.Array(Type.String()),
    relations: Type.Array(AuditRelation),
    verdict: VerdictAction,
    rule: Type.String(),
    score: Type.Integer(),
    message: Type.String(),
    /** What the firewall's detectors found; offsets in `sql`. */
    findings: Type.Array(Finding),
    /** Null while it lasts, after a crash, and where nothing was forwarded. */
    outcome: Type.Union([
      Type.Literal('ok'),
      Type.Literal('error'),
      Type.Literal('cancelled'),
      Type.Literal('lost'),
      Nothing,
    ]),
    endedAt: Type.Union([Instant, Nothing]),
    rows: Type.Union([Type.Integer(), Nothing]),
    bytes: Type.Union([Type.Integer(), Nothing]),
    durationMs: Type.Union([Type.Number(), Nothing]),
    errorCode: Type.String(),
    /** Of administrative actions: `user.create`, `grant.revoke` …; else ''. */
    action: Type.String(),
    /** What was acted upon: `user:ada`, `database:shop`; else ''. */
    object: Type.String(),
    before: Type.Union([Type.Record(Type.String(), Type.Unknown()), Nothing]),
    after: Type.Union([Type.Record(Type.String(), Type.Unknown()), Nothing]),
  },
  { title: 'AuditEntry' },
)
export type AuditEntry = Static<typeof AuditEntry>

export const AuditQuery = Type.Object({
  kind: Type.Optional(AuditKind),
  /** The person's name. */
  principal: Type.Optional(Type.String({ maxLength: 63 })),
  door: Type.Optional(Type.Union([Door, Type.Literal('web')])),
  database: Type.Optional(Type.String({ maxLength: 63 })),
  verdict: Type.Optional(VerdictAction),
  rule: Type.Optional(Type.String({ maxLength: 100 })),
  /** Part of the SQL text. */
  sql: Type.Optional(Type.String({ maxLength: 500 })),
  /** A table's name as it was resolved, with or without schema. */
  relation: Type.Optional(Type.String({ maxLength: 260 })),
  digest: Type.Optional(Type.String({ maxLength: 64 })),
  from: Type.Optional(Instant),
  until: Type.Optional(Instant),
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
})
export type AuditQuery = Static<typeof AuditQuery>

export const ChainVerification = Type.Object(
  {
    isIntact: Type.Boolean(),
    /** Entries walked until the end, or until the first that is broken. */
    entries: Type.Integer(),
    broken: Type.Union([
      Type.Object({ seq: Type.Integer(), auditId: Type.String(), why: Type.String() }),
      Nothing,
    ]),
    /** Hash of the newest entry: keep it elsewhere to prove later that nothing was cut off. */
    head: Type.String(),
    durationMs: Type.Integer(),
  },
  { title: 'ChainVerification' },
)
export type ChainVerification = Static<typeof ChainVerification>
