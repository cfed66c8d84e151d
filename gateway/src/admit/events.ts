import type { AuditRelation, StatementRecorded, Verdict } from '@articdbm/contract'
import type { Relation, Statement } from '@articdbm/sql'
import type { SessionFacts } from '../session-facts.ts'
import type { Judged } from './admission.ts'

/** Longer texts are recorded by their beginning; the digest is of the whole. */
const MAX_SQL_LENGTH = 65_536
const MAX_RELATIONS = 200
const MAX_FINDINGS = 50

export interface EventContext {
  readonly gateway: string
  readonly databaseName: string
  readonly facts: SessionFacts
  readonly at: string
  readonly createId: () => string
}

/** One event a statement, and one for a text that holds none. */
export function recordedEvents(
  judged: Judged,
  context: EventContext,
): readonly StatementRecorded[] {
  const texts =
    judged.statements.length > 0
      ? judged.statements.map((_, at) => ofStatement(judged, at))
      : [ofBlank(judged)]
  return texts.map((subject) => recordedEvent(subject, judged.verdict, context))
}

interface Subject {
  readonly sql: string
  /** Where it stands in the request's text. */
  readonly start: number
  readonly digest: string
  readonly effects: readonly string[]
  readonly relations: readonly Relation[]
}

/** With what was found behind it, as a comment that cuts off: that belongs to no statement. */
function ofStatement({ analysis, statements, verdict }: Judged, at: number): Subject {
  const { text, start, digest, effects, relations } = statements[at] as Statement
  const next = statements[at + 1]?.start ?? Number.POSITIVE_INFINITY
  const own = verdict.findings.filter((one) => one.start < next)
  const end = own.reduce((last, one) => Math.max(last, one.end), start + text.length)
  const isItsOwn = analysis.text.startsWith(text, start)
  const sql = isItsOwn ? analysis.text.slice(start, end) : text
  return { sql, start, digest, effects, relations }
}

function ofBlank(judged: Judged): Subject {
  return { sql: judged.analysis.text, start: 0, digest: '', effects: [], relations: [] }
}

function recordedEvent(
  subject: Subject,
  verdict: Verdict,
  { gateway, databaseName, facts, at, createId }: EventContext,
): StatementRecorded {
  return {
    kind: 'statement.recorded',
    id: createId(),
    at,
    gateway,
    session: facts.id,
    door: facts.door,
    principalId: facts.principal.id,
    principal: facts.principal.name,
    address: facts.address,
    application: facts.application.slice(0, 255),
    databaseId: facts.databaseId,
    database: databaseName,
    sql: subject.sql.slice(0, MAX_SQL_LENGTH).toWellFormed(),
    isTruncated: subject.sql.length > MAX_SQL_LENGTH,
    digest: subject.digest,
    effects: [...subject.effects],
    relations: subject.relations.slice(0, MAX_RELATIONS).map(auditRelation),
    verdict: verdict.action,
    rule: verdict.rule,
    score: verdict.score,
    message: verdict.message,
    ...findingsOf(subject, verdict),
  }
}

/** Those that lie in this statement, counted from its beginning. */
function findingsOf({ sql, start }: Subject, { findings }: Verdict) {
  const own = findings.filter((one) => one.start >= start && one.start < start + sql.length)
  if (own.length === 0) return {}
  const end = Math.min(sql.length, MAX_SQL_LENGTH)
  const within = (offset: number): number => Math.min(offset - start, end)
  return {
    findings: own
      .map((one) => ({ ...one, start: within(one.start), end: within(one.end) }))
      .slice(0, MAX_FINDINGS),
  }
}

function auditRelation({ schema, name, access }: Relation): AuditRelation {
  return { name: schema === undefined ? name : `${schema}.${name}`, access }
}
