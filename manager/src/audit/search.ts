import type { AuditEntry, AuditQuery } from '@articdbm/contract'
import { type Kysely, type Selectable, sql } from 'kysely'
import { ValidationFailed } from '../http/faults.ts'
import { isoInstant } from '../instant.ts'
import {
  type AuditRow,
  contains,
  decodeCursor,
  encodeCursor,
  escapePattern,
  olderThan,
  type Schema,
} from '../store/index.ts'
import type { AuditSlice } from './services.ts'

type AuditRecord = Selectable<AuditRow>

/** Whose rows may be seen: everybody's where no person is named. */
export interface Scope {
  readonly principalId: string | undefined
}

export async function searchAudit(
  db: Kysely<Schema>,
  query: AuditQuery,
  scope: Scope,
): Promise<AuditSlice> {
  const limit = query.limit ?? 50
  const rows = await matching(db, query, scope)
    .selectAll()
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(presentEntry),
    nextCursor: rows.length > limit && last ? encodeCursor({ at: last.at, id: last.id }) : null,
  }
}

export async function findEntry(
  db: Kysely<Schema>,
  id: string,
  scope: Scope,
): Promise<AuditEntry | undefined> {
  const row = await inScope(db, scope).selectAll().where('id', '=', id).executeTakeFirst()
  return row && presentEntry(row)
}

function inScope(db: Kysely<Schema>, { principalId }: Scope) {
  return db
    .selectFrom('audit_log')
    .$if(principalId !== undefined, (q) => q.where('principal_id', '=', principalId ?? ''))
}

const EXACT = {
  kind: 'kind',
  principal: 'principal',
  door: 'door',
  database: 'database_name',
  verdict: 'verdict',
  rule: 'rule',
  digest: 'digest',
} as const

function matching(db: Kysely<Schema>, query: AuditQuery, scope: Scope) {
  const { cursor, sql: text, relation, from, until } = query
  let found = inScope(db, scope)
  for (const [name, column] of Object.entries(EXACT) as [keyof typeof EXACT, string][]) {
    const wanted = query[name]
    if (wanted !== undefined) found = found.where(sql.ref(column), '=', wanted)
  }
  if (text) found = found.where(contains('sql_key', text))
  if (relation) found = found.where(touches(relation))
  if (from) found = found.where('at', '>=', isoInstant(from))
  if (until) found = found.where('at', '<', isoInstant(until))
  if (cursor) found = found.where(olderThan(readCursor(cursor), { at: 'at', id: 'id' }))
  return found
}

/** Relations are stored as JSON: the name as a whole, or its last part after the schema. */
function touches(relation: string) {
  const quoted = JSON.stringify(relation).slice(1, -1)
  const whole = `%"name":"${escapePattern(quoted)}"%`
  const last = `%"name":"%.${escapePattern(quoted)}"%`
  return sql<boolean>`(relations LIKE ${whole} ESCAPE '!' OR relations LIKE ${last} ESCAPE '!')`
}

function readCursor(text: string) {
  const cursor = decodeCursor(text)
  if (!cursor) throw new ValidationFailed([{ field: 'cursor', message: 'is not one of ours' }])
  return cursor
}

export function presentEntry(row: AuditRecord): AuditEntry {
  const details = JSON.parse(row.details) as Partial<
    Pick<AuditEntry, 'before' | 'after' | 'findings'>
  >
  return {
    id: row.id,
    kind: row.kind as AuditEntry['kind'],
    at: row.at,
    gateway: row.gateway,
    session: row.session,
    door: row.door as AuditEntry['door'],
    principalId: row.principal_id,
    principal: row.principal,
    address: row.address,
    application: row.application,
    databaseId: row.database_id,
    database: row.database_name,
    sql: row.sql_text,
    isTruncated: row.is_truncated,
    digest: row.digest,
    effects: JSON.parse(row.effects) as string[],
    relations: JSON.parse(row.relations) as AuditEntry['relations'],
    verdict: row.verdict as AuditEntry['verdict'],
    rule: row.rule,
    score: Number(row.score),
    message: row.message,
    findings: details.findings ?? [],
    outcome: row.outcome as AuditEntry['outcome'],
    endedAt: row.ended_at,
    rows: row.rows_count === null ? null : Number(row.rows_count),
    bytes: row.bytes_count === null ? null : Number(row.bytes_count),
    durationMs: row.duration_ms,
    errorCode: row.error_code ?? '',
    action: row.action,
    object: row.subject,
    before: details.before ?? null,
    after: details.after ?? null,
  }
}
