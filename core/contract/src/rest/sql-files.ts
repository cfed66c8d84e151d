// SQL files: uploaded, read statement by statement, approved by somebody else, executed through the gateway.
import { type Static, Type } from 'typebox'
import { MAX_SQL_FILE_BYTES, MAX_SQL_FILE_NAME, SQL_FILE_NAME } from '../bounds.ts'
import { VerdictAction } from '../verdict.ts'
import { DatabaseName, Instant } from '../vocabulary.ts'
import { PageQuery } from './envelope.ts'

const STRICT = { additionalProperties: false } as const

const FileName = Type.String({
  minLength: 1,
  maxLength: MAX_SQL_FILE_NAME,
  pattern: SQL_FILE_NAME.source,
})
/** At most 1 MiB as UTF-8. */
const Text = Type.String({ minLength: 1, maxLength: MAX_SQL_FILE_BYTES })
const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** What is known of one statement before anybody executes it. Offsets count UTF-16 units of the text. */
export const SqlFileCheck = Type.Object(
  {
    start: Type.Integer(),
    end: Type.Integer(),
    /** Of its beginning, or of the mistake; both from 1. */
    line: Type.Integer(),
    column: Type.Integer(),
    kind: Type.String(),
    effects: Type.Array(Type.String()),
    /** `write orders`, `read sales.customers`; at most 50. */
    relations: Type.Array(Type.String(), { maxItems: 50 }),
    digest: Type.String(),
    action: VerdictAction,
    rule: Type.String(),
    message: Type.String(),
  },
  { title: 'SqlFileCheck' },
)
export type SqlFileCheck = Static<typeof SqlFileCheck>

export const SqlFileRun = Type.Object(
  {
    id: Type.String(),
    sha256: Type.String(),
    /** Of the file, when it was executed. */
    version: Type.Integer(),
    startedBy: Type.String(),
    approvedBy: Type.String(),
    startedAt: Instant,
    endedAt: Type.Union([Instant, Type.Null()]),
    /** `interrupted`: whether its last statement took effect is not known. */
    state: Type.Union([
      Type.Literal('running'),
      Type.Literal('done'),
      Type.Literal('failed'),
      Type.Literal('cancelled'),
      Type.Literal('interrupted'),
    ]),
    /** Statements that are through. */
    done: Type.Integer(),
    statements: Type.Integer(),
    error: Type.String(),
  },
  { title: 'SqlFileRun' },
)
export type SqlFileRun = Static<typeof SqlFileRun>

const summary = {
  id: Type.String(),
  name: Type.String(),
  database: DatabaseName,
  sha256: Type.String(),
  /** No statement is refused. */
  isValid: Type.Boolean(),
  /** All statements in one transaction. MySQL and MariaDB commit by themselves before and after each DDL. */
  isTransaction: Type.Boolean(),
  uploadedBy: Type.String(),
  uploadedAt: Instant,
  /** Null: nobody has approved this very text. */
  approvedBy: Type.Union([Type.String(), Type.Null()]),
  approvedAt: Type.Union([Instant, Type.Null()]),
  version: Type.Integer(),
}

export const SqlFileSummary = Type.Object(summary, { title: 'SqlFileSummary' })
export type SqlFileSummary = Static<typeof SqlFileSummary>

export const SqlFile = Type.Object(
  { ...summary, text: Type.String(), checks: Type.Array(SqlFileCheck) },
  { title: 'SqlFile' },
)
export type SqlFile = Static<typeof SqlFile>

export const SqlFileCreation = Type.Object(
  {
    name: FileName,
    database: DatabaseName,
    text: Text,
    /** Left out: true. */
    isTransaction: Type.Optional(Type.Boolean()),
  },
  { ...STRICT, title: 'SqlFileCreation' },
)
export type SqlFileCreation = Static<typeof SqlFileCreation>

/** Voids the approval. */
export const SqlFileChange = Type.Object(
  {
    text: Type.Optional(Text),
    isTransaction: Type.Optional(Type.Boolean()),
    version: Type.Integer(),
  },
  { ...STRICT, minProperties: 2, title: 'SqlFileChange' },
)
export type SqlFileChange = Static<typeof SqlFileChange>

/** What was looked at: another text or version isn't approved, or executed, by it. */
export const SqlFileSeen = Type.Object(
  { sha256: Sha256, version: Type.Integer() },
  { ...STRICT, title: 'SqlFileSeen' },
)
export type SqlFileSeen = Static<typeof SqlFileSeen>

export const SqlFileQuery = Type.Object({
  ...PageQuery.properties,
  database: Type.Optional(Type.String({ maxLength: 63 })),
})
export type SqlFileQuery = Static<typeof SqlFileQuery>
