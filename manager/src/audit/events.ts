import { hash } from 'node:crypto'
import type { AuditBatch, AuditEvent, AuditRelation, StatementEnded } from '@articdbm/contract'
import type { Insertable, Selectable } from 'kysely'
import { type AuditRow, foldText } from '../store/index.ts'

/** A row to be written, and a row as it is read. */
export type NewAuditRow = Insertable<AuditRow>
export type AuditRecord = Selectable<AuditRow>

type StatementRecorded = Extract<AuditEvent, { kind: 'statement.recorded' }>
type SessionOpened = Extract<AuditEvent, { kind: 'session.opened' }>
export type Started = StatementRecorded | SessionOpened

/** How a statement ended, as columns. */
export type Ending = Pick<
  AuditRecord,
  'outcome' | 'rows_count' | 'bytes_count' | 'duration_ms' | 'error_code' | 'ended_at'
>

const NOT_ENDED: Ending = {
  outcome: null,
  rows_count: null,
  bytes_count: null,
  duration_ms: null,
  error_code: null,
  ended_at: null,
}

/** No column may refuse what a gateway recorded: one bad value would hold up all that follows. */
const CUT = { short: 64, name: 190, text: 2_000, sql: 900_000 } as const
const MAX_EFFECTS = 50
const MAX_RELATIONS = 1_000

export function rowOf(event: Started, recordedAt: string): NewAuditRow {
  return event.kind === 'statement.recorded'
    ? statementRow(event, recordedAt)
    : sessionRow(event, recordedAt)
}

function commonRow(event: Started, recordedAt: string): NewAuditRow {
  return {
    id: auditId(event.id),
    kind: 'statement',
    at: instant(event.at),
    gateway: cut(event.gateway, CUT.short),
    session: cut(event.session, CUT.short),
    door: event.door,
    principal_id: cut(event.principalId, CUT.short),
    principal: cut(event.principal, CUT.name),
    address: cut(event.address, CUT.short),
    application: cut(event.application, CUT.name),
    database_id: '',
    database_name: cut(event.database, CUT.name),
    action: '',
    subject: '',
    sql_text: '',
    sql_key: '',
    is_truncated: false,
    digest: '',
    effects: '[]',
    relations: '[]',
    verdict: 'allow',
    rule: '',
    score: 0,
    message: cut(event.message, CUT.text),
    details: '{}',
    recorded_at: recordedAt,
    ...NOT_ENDED,
  }
}

function statementRow(event: StatementRecorded, recordedAt: string): NewAuditRow {
  return {
    ...commonRow(event, recordedAt),
    database_id: cut(event.databaseId, CUT.short),
    sql_text: clean(event.sql.slice(0, CUT.sql)),
    sql_key: foldText(event.sql),
    is_truncated: event.isTruncated || event.sql.length > CUT.sql,
    digest: cut(event.digest, CUT.short),
    effects: JSON.stringify(event.effects.slice(0, MAX_EFFECTS).map((name) => cut(name, 32))),
    relations: JSON.stringify(relationsOf(event)),
    verdict: event.verdict,
    rule: cut(event.rule, CUT.short),
    score: event.score,
    details: detailsOf(event),
  }
}

function detailsOf({ findings = [] }: StatementRecorded): string {
  if (findings.length === 0) return '{}'
  return JSON.stringify({
    findings: findings.map((one) => ({
      ...one,
      ...{ category: cut(one.category, CUT.short), why: cut(one.why, CUT.name) },
    })),
  })
}

function relationsOf({ relations }: StatementRecorded): readonly AuditRelation[] {
  return relations
    .slice(0, MAX_RELATIONS)
    .map(({ name, access }) => ({ name: cut(name, 300), access }))
}

function sessionRow(event: SessionOpened, recordedAt: string): NewAuditRow {
  return {
    ...commonRow(event, recordedAt),
    kind: 'session',
    verdict: event.isRefused ? 'block' : 'allow',
  }
}

export function endingOf(event: StatementEnded): Ending {
  return {
    outcome: event.outcome,
    rows_count: event.rows,
    bytes_count: event.bytes,
    duration_ms: Math.round(event.durationMs * 1000) / 1000,
    error_code: cut(event.errorCode, 16),
    ended_at: instant(event.at),
  }
}

/** An administrative act, or a login at the manager's own door. */
export interface Act {
  readonly id: string
  readonly at: string
  readonly kind: 'administration' | 'session'
  readonly principalId: string
  readonly principal: string
  readonly address: string
  readonly application: string
  readonly action: string
  readonly subject: string
  readonly isRefused: boolean
  readonly message: string
  readonly before: object | null
  readonly after: object | null
}

export function actRow(act: Act): NewAuditRow {
  const base = commonRow(
    {
      kind: 'session.opened',
      id: act.id,
      at: act.at,
      gateway: '',
      session: '',
      door: 'rest',
      principalId: act.principalId,
      principal: act.principal,
      address: act.address,
      application: act.application,
      database: '',
      isRefused: act.isRefused,
      message: act.message,
    },
    act.at,
  )
  return {
    ...base,
    kind: act.kind,
    door: 'web',
    action: cut(act.action, CUT.short),
    subject: cut(act.subject, CUT.name),
    verdict: act.isRefused ? 'block' : 'allow',
    details: clean(JSON.stringify({ before: act.before, after: act.after })),
  }
}

/** As the store writes text, so that the hash is of what can be read back. */
function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD')
}

function cut(text: string, characters: number): string {
  const cleaned = clean(text)
  return cleaned.length <= characters
    ? cleaned
    : cleaned
        .slice(0, characters - 1)
        .toWellFormed()
        .concat('…')
}

export function auditId(id: string): string {
  return cut(id, CUT.short)
}

/** One form of an instant, whatever form a gateway sends. */
function instant(text: string): string {
  const at = new Date(text)
  return Number.isNaN(at.getTime()) ? new Date(0).toISOString() : at.toISOString()
}

/** What a chain entry of kind `recorded` vouches for; the order is part of the format. */
export function recordedContent(row: NewAuditRow | AuditRecord): string {
  return JSON.stringify([
    'recorded',
    row.id,
    row.kind,
    row.at,
    row.gateway,
    row.session,
    row.door,
    row.principal_id,
    row.principal,
    row.address,
    row.application,
    row.database_id,
    row.database_name,
    row.action,
    row.subject,
    row.sql_text,
    row.is_truncated,
    row.digest,
    row.effects,
    row.relations,
    row.verdict,
    row.rule,
    Number(row.score),
    row.message,
    row.details,
    row.recorded_at,
  ])
}

export function endedContent(id: string, ending: Ending): string {
  return JSON.stringify([
    'ended',
    id,
    ending.outcome,
    Number(ending.rows_count),
    Number(ending.bytes_count),
    ending.duration_ms,
    ending.error_code,
    ending.ended_at,
  ])
}

/** The next link: SHA-256 of the link before it and of what this one vouches for. */
export function nextHash(previous: string, content: string): string {
  return hash('sha256', `${previous}\n${content}`)
}

export interface SplitBatch {
  readonly started: readonly Started[]
  readonly ended: readonly StatementEnded[]
}

export function splitBatch({ events }: AuditBatch): SplitBatch {
  return {
    started: events.filter((event) => event.kind !== 'statement.ended'),
    ended: events.filter((event) => event.kind === 'statement.ended'),
  }
}
