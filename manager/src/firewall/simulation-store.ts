import type { Kysely } from 'kysely'
import { type Cursor, olderThan, type Schema } from '../store/index.ts'

/** A statement as the audit has it, with what a rule's conditions look at. */
export interface SimulatedRow {
  readonly id: string
  readonly at: string
  readonly door: string
  readonly principal: string
  /** As it is now: '' of a person who is no more. */
  readonly role: string | null
  readonly address: string
  readonly application: string
  readonly database_name: string
  readonly engine: string
  readonly default_schema: string
  readonly sql_text: string
  readonly is_truncated: boolean
  readonly digest: string
  readonly verdict: string
}

export interface SimulatedSlice {
  /** Undefined: of all databases. */
  readonly databaseId: string | undefined
  readonly from: string
  /** What is older than this; undefined: the newest. */
  readonly before: Cursor | undefined
  readonly limit: number
}

/** Newest first. Statements on databases that are no more are left out. */
export function statementsBefore(
  db: Kysely<Schema>,
  { databaseId, from, before, limit }: SimulatedSlice,
): Promise<SimulatedRow[]> {
  return db
    .selectFrom('audit_log')
    .innerJoin('databases', 'databases.id', 'audit_log.database_id')
    .leftJoin('users', 'users.id', 'audit_log.principal_id')
    .select([
      'audit_log.id',
      'audit_log.at',
      'audit_log.door',
      'audit_log.principal',
      'users.role',
      'audit_log.address',
      'audit_log.application',
      'audit_log.database_name',
      'databases.engine',
      'databases.default_schema',
      'audit_log.sql_text',
      'audit_log.is_truncated',
      'audit_log.digest',
      'audit_log.verdict',
    ])
    .where('audit_log.kind', '=', 'statement')
    .where('audit_log.at', '>=', from)
    .$if(databaseId !== undefined, (q) => q.where('audit_log.database_id', '=', databaseId ?? ''))
    .$if(before !== undefined, (q) =>
      q.where(olderThan(before as Cursor, { at: 'audit_log.at', id: 'audit_log.id' })),
    )
    .orderBy('audit_log.at', 'desc')
    .orderBy('audit_log.id', 'desc')
    .limit(limit)
    .execute()
}
