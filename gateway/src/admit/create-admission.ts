import { randomUUID } from 'node:crypto'
import {
  type AuditEvent,
  dialectOf,
  type SnapshotDatabase,
  type StatementRecorded,
  type Verdict,
} from '@articdbm/contract'
import { judge } from '@articdbm/firewall'
import { shapeOf } from '@articdbm/sql'
import { linesOf } from '../audit/segment.ts'
import type { Recorded } from '../audit/spool.ts'
import type { Log } from '../log.ts'
import type { Observer } from '../observe/observer.ts'
import type { SessionFacts } from '../session-facts.ts'
import { type Directory, isOpen } from '../snapshot/directory.ts'
import type { Admission, Ending, Judged, StatementRequest, Ticket } from './admission.ts'
import { Analyses } from './analyses.ts'
import { recordedEvents } from './events.ts'
import { judgedBy, Passes } from './passes.ts'
import { createQuickAdmission } from './quick-admission.ts'
import { resolveExecutes } from './resolve.ts'

export interface AdmissionOptions {
  readonly gateway: string
  readonly directory: () => Directory | undefined
  /** Lines of audit events; calls back when they can't be lost any more. */
  readonly record: (lines: string, recorded: Recorded) => void
  /** For what nobody waits for. */
  readonly note: (lines: string, recorded: Recorded) => void
  readonly observer: Observer
  readonly log: Log
  readonly nowMs: () => number
}

const SESSION_CLOSED: Verdict = {
  action: 'block',
  rule: 'session.closed',
  score: 100,
  message: 'your account or this database is no longer open: connect again',
  findings: [],
}

export function createAdmission(options: AdmissionOptions): Admission {
  const known = { analyses: new Analyses(), passes: new Passes() }
  return {
    judge: (request, facts) => judgeRequest(request, facts, known, options),
    quick: (facts) => createQuickAdmission(facts, known.passes, options),
    record: async (judged, facts) => {
      const database = options.directory()?.database(facts.databaseId)
      const events = recordedEvents(judged, {
        gateway: options.gateway,
        databaseName: database?.name ?? '',
        facts,
        at: new Date(options.nowMs()).toISOString(),
        createId: randomUUID,
      })
      await recordAll(events, options)
      if (judged.verdict.action === 'block') {
        options.observer.statementBlocked(facts.databaseId, judged.verdict.rule)
      }
      return events.map((event) => createTicket(event, judged, options))
    },
  }
}

function recordAll(events: readonly AuditEvent[], options: AdmissionOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  options.record(linesOf(events), (fault) => (fault ? reject(fault) : resolve()))
  return promise
}

interface Known {
  readonly analyses: Analyses
  readonly passes: Passes
}

function judgeRequest(
  request: StatementRequest,
  facts: SessionFacts,
  known: Known,
  options: AdmissionOptions,
): Judged {
  const directory = options.directory()
  const database = directory?.database(facts.databaseId)
  if (!directory || !database || !isShaped(request, database)) {
    return judgeText(request, facts, known.analyses, options)
  }
  const dialect = dialectOf(database.engine)
  const shape = shapeOf(request.text, dialect)
  if (!shape) return judgeText(request, facts, known.analyses, options)
  const book = known.passes.of(directory, database, facts)
  const pass = isStillOpen(directory, facts, options.nowMs())
    ? book.find(shape, options.nowMs())
    : undefined
  if (pass) return judgedBy(pass, request.text)
  const judged = judgeText(request, facts, known.analyses, options)
  return { ...judged, pass: book.learn(shape, judged) }
}

/** SQLite's statements are rewritten by their tokens, so each text is read by itself; other modes are other lexers. */
function isShaped({ modes }: StatementRequest, { engine }: SnapshotDatabase): boolean {
  return engine !== 'sqlite' && modes === undefined
}

function judgeText(
  request: StatementRequest,
  facts: SessionFacts,
  analyses: Analyses,
  options: AdmissionOptions,
): Judged {
  const directory = options.directory()
  const database = directory?.database(facts.databaseId)
  const dialect = database ? dialectOf(database.engine) : 'postgres'
  const analysis = analyses.of(request.text, dialect, request.modes)
  const statements = resolveExecutes(analysis.statements, request.prepared)
  if (!directory || !database || !isStillOpen(directory, facts, options.nowMs())) {
    return { analysis, statements, verdict: SESSION_CLOSED }
  }
  const verdict = judge({
    analysis,
    statements,
    person: facts.principal.name,
    database: inDialect(database),
    grants: directory.grants(facts.principal.id, database.id),
    policy: database.policy,
    nowMs: options.nowMs(),
    isProbe: facts.isProbe,
  })
  return { analysis, statements, verdict }
}

function isStillOpen(directory: Directory, facts: SessionFacts, nowMs: number): boolean {
  const principal = directory.principal(facts.principal.id)
  return principal !== undefined && isOpen(principal, nowMs)
}

function inDialect({ name, defaultSchema }: SnapshotDatabase) {
  return { name, defaultSchema }
}

function createTicket(
  recorded: StatementRecorded,
  { pass }: Judged,
  options: AdmissionOptions,
): Ticket {
  const startedMs = performance.now()
  let forwardedMs = startedMs
  let isEnded = recorded.verdict === 'block'
  return {
    id: recorded.id,
    forwarded: () => {
      forwardedMs = performance.now()
    },
    end: (ending) => {
      if (isEnded) return
      isEnded = true
      const endedMs = performance.now()
      const durationMs = endedMs - startedMs
      pass?.pace.note(endedMs - forwardedMs, ending.bytes, options.nowMs())
      endStatement(recorded, ending, durationMs, options)
    },
  }
}

function endStatement(
  recorded: StatementRecorded,
  ending: Ending,
  durationMs: number,
  options: AdmissionOptions,
): void {
  const isError = ending.outcome !== 'ok'
  options.observer.statementEnded({ databaseId: recorded.databaseId, durationMs, isError })
  const event: AuditEvent = {
    kind: 'statement.ended',
    id: recorded.id,
    at: new Date(options.nowMs()).toISOString(),
    durationMs: Math.round(durationMs * 1000) / 1000,
    ...ending,
  }
  options.note(linesOf([event]), (error) => {
    if (!error) return
    options.log.error({ err: error, id: recorded.id }, 'the end of a statement was not recorded')
  })
}
