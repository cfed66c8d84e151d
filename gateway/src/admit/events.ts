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

/** With the comments around it: a program signs by them, and an injection cuts off with them. */
function ofStatement({ analysis, statements }: Judged, at: number): Subject {
  const { text, start, digest, effects, relations } = statements[at] as Statement
  const rest = { digest, effects, relations }
  // EXECUTE is recorded as what it executes, which stands elsewhere.
  if (!analysis.text.startsWith(text, start)) return { sql: text, start, ...rest }
  const from = at === 0 ? 0 : start
  const sql = analysis.text.slice(from, statements[at + 1]?.start)
  return { sql: sql.slice(0, endOfWords(sql)), start: from, ...rest }
}

/** Blanks and semicolons behind it are left out. */
function endOfWords(text: string): number {
  let end = text.length
  while (end > 0 && ' \t\r\n\f;'.includes(text.charAt(end - 1))) end -= 1
  return end
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
