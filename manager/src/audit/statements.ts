import type { Kysely } from 'kysely'
import { type Cursor, olderThan, type Schema } from '../store/index.ts'

/** A statement as the audit has it, with what rules and learning look at. */
export interface PastStatement {
  readonly id: string
  readonly at: string
  readonly door: string
  readonly principal_id: string
  readonly principal: string
  /** As it is now; null of a person who is no more. */
  readonly role: string | null
  readonly address: string
  readonly application: string
  readonly database_id: string
  readonly database_name: string
  readonly engine: string
  readonly default_schema: string
  readonly sql_text: string
  readonly is_truncated: boolean
  readonly digest: string
  readonly verdict: string
  readonly rule: string
  readonly score: number | bigint
}

const COLUMNS = [
  'audit_log.id',
  'audit_log.at',
  'audit_log.door',
  'audit_log.principal_id',
  'audit_log.principal',
  'users.role',
  'audit_log.address',
  'audit_log.application',
  'audit_log.database_id',
  'audit_log.database_name',
  'databases.engine',
  'databases.default_schema',
  'audit_log.sql_text',
  'audit_log.is_truncated',
  'audit_log.digest',
  'audit_log.verdict',
  'audit_log.rule',
  'audit_log.score',
] as const

/** Statements on databases that are no more are left out. */
function pastStatements(db: Kysely<Schema>) {
  return db
    .selectFrom('audit_log')
    .innerJoin('databases', 'databases.id', 'audit_log.database_id')
    .leftJoin('users', 'users.id', 'audit_log.principal_id')
    .select(COLUMNS)
    .where('audit_log.kind', '=', 'statement')
}

export interface PastSlice {
  /** Undefined: of all databases. */
  readonly databaseId: string | undefined
  readonly principalId?: string | undefined
  readonly application?: string | undefined
  readonly from: string
  /** What is older than this; undefined: the newest. */
  readonly before: Cursor | undefined
  readonly limit: number
}

/** Newest first. */
export function statementsBefore(
  db: Kysely<Schema>,
  { databaseId, principalId, application, from, before, limit }: PastSlice,
): Promise<PastStatement[]> {
  let found = pastStatements(db).where('audit_log.at', '>=', from)
  if (databaseId !== undefined) found = found.where('audit_log.database_id', '=', databaseId)
  if (principalId !== undefined) found = found.where('audit_log.principal_id', '=', principalId)
  if (application !== undefined) found = found.where('audit_log.application', '=', application)
  if (before) found = found.where(olderThan(before, { at: 'audit_log.at', id: 'audit_log.id' }))
  return found
    .orderBy('audit_log.at', 'desc')
    .orderBy('audit_log.id', 'desc')
    .limit(limit)
    .execute()
}

/** Undefined where the statement, its database or its person is no more. */
export function pastStatement(db: Kysely<Schema>, id: string): Promise<PastStatement | undefined> {
  return pastStatements(db)
    .where('audit_log.id', '=', id)
    .where('users.role', 'is not', null)
    .executeTakeFirst()
}
