import { randomUUID } from 'node:crypto'
import {
  type AuditEvent,
  dialectOf,
  type SnapshotDatabase,
  type StatementRecorded,
  type Verdict,
} from '@articdbm/contract'
import { judge } from '@articdbm/firewall'
import type { Log } from '../log.ts'
import type { Observer } from '../observe/observer.ts'
import type { SessionFacts } from '../session-facts.ts'
import { type Directory, isOpen } from '../snapshot/directory.ts'
import type { Admission, Ending, Judged, StatementRequest, Ticket } from './admission.ts'
import { Analyses } from './analyses.ts'
import { recordedEvents } from './events.ts'
import { resolveExecutes } from './resolve.ts'

export interface AdmissionOptions {
  readonly gateway: string
  readonly directory: () => Directory | undefined
  /** Resolves when the events can't be lost. */
  readonly append: (events: readonly AuditEvent[]) => Promise<void>
  /** For what nobody waits for. */
  readonly note: (event: AuditEvent, onLost: (fault: Error) => void) => void
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
  const analyses = new Analyses()
  return {
    judge: (request, facts) => judgeRequest(request, facts, analyses, options),
    record: async (judged, facts) => {
      const database = options.directory()?.database(facts.databaseId)
      const events = recordedEvents(judged, {
        gateway: options.gateway,
        databaseName: database?.name ?? '',
        facts,
        at: new Date(options.nowMs()).toISOString(),
        createId: randomUUID,
      })
      await options.append(events)
      if (judged.verdict.action === 'block') {
        options.observer.statementBlocked(facts.databaseId, judged.verdict.rule)
      }
      return events.map((event) => createTicket(event, options))
    },
  }
}

function judgeRequest(
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

function createTicket(recorded: StatementRecorded, options: AdmissionOptions): Ticket {
  const startedMs = performance.now()
  let isEnded = recorded.verdict === 'block'
  return {
    id: recorded.id,
    end: (ending) => {
      if (isEnded) return
      isEnded = true
      endStatement(recorded, ending, performance.now() - startedMs, options)
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
  options.note(event, (error) => {
    options.log.error({ err: error, id: recorded.id }, 'the end of a statement was not recorded')
  })
}
