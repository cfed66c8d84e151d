import type { AuditRelation, StatementRecorded, Verdict } from '@articdbm/contract'
import type { Relation, Statement } from '@articdbm/sql'
import type { SessionFacts } from '../session-facts.ts'
import type { Judged } from './admission.ts'

/** Longer texts are recorded by their beginning; the digest is of the whole. */
const MAX_SQL_LENGTH = 65_536
const MAX_RELATIONS = 200

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
    judged.statements.length > 0 ? judged.statements.map(ofStatement) : [ofBlank(judged)]
  return texts.map((subject) => recordedEvent(subject, judged.verdict, context))
}

interface Subject {
  readonly sql: string
  readonly digest: string
  readonly effects: readonly string[]
  readonly relations: readonly Relation[]
}

function ofStatement(statement: Statement): Subject {
  const { text, digest, effects, relations } = statement
  return { sql: text, digest, effects, relations }
}

function ofBlank(judged: Judged): Subject {
  return { sql: judged.analysis.text, digest: '', effects: [], relations: [] }
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
  }
}

function auditRelation({ schema, name, access }: Relation): AuditRelation {
  return { name: schema === undefined ? name : `${schema}.${name}`, access }
}
