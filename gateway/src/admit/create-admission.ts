import { randomUUID } from 'node:crypto'
import {
  type AuditEvent,
  dialectOf,
  type SnapshotDatabase,
  type StatementRecorded,
  type Verdict,
} from '@articdbm/contract'
import { judge, maskingsOf } from '@articdbm/firewall'
import { shapeOf } from '@articdbm/sql'
import { linesOf } from '../audit/segment.ts'
import type { Recorded } from '../audit/spool.ts'
import type { Log } from '../log.ts'
import { maskedResults } from '../mask/masked-result.ts'
import type { Observer } from '../observe/observer.ts'
import type { SessionFacts } from '../session-facts.ts'
import type { Directory } from '../snapshot/directory.ts'
import type { Admission, Judged, StatementRequest, Ticket } from './admission.ts'
import { Analyses } from './analyses.ts'
import { noteEnding } from './ending.ts'
import { recordedEvents } from './events.ts'
import { judgedBy, Passes } from './passes.ts'
import { type Place, placeOf } from './place.ts'
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
  /** By which a database's masked values are hashed. */
  readonly maskKey: (databaseId: string) => Uint8Array
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
      noteVerdict(judged.verdict, facts.databaseId, options)
      return events.map((event) => createTicket(event, judged, options))
    },
  }
}

function noteVerdict(
  { action, rule }: Verdict,
  databaseId: string,
  { observer }: AdmissionOptions,
): void {
  if (action === 'block') observer.statementBlocked(databaseId, rule)
  if (action === 'alert') observer.statementAlerted(databaseId, rule)
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
  const place = placeOf(facts, options)
  const nowMs = options.nowMs()
  const judgeText = () =>
    judgeIn(place, request, facts, { analyses: known.analyses, nowMs, maskKey: options.maskKey })
  if (!place?.isOpen || !isShaped(request, place.database)) return judgeText()
  const shape = shapeOf(request.text, dialectOf(place.database.engine))
  if (!shape) return judgeText()
  const book = known.passes.of(place, facts)
  const pass = book.find(shape, nowMs)
  if (pass) return judgedBy(pass, request.text)
  const judged = judgeText()
  return { ...judged, pass: book.learn(shape, judged, nowMs) }
}

/** SQLite's statements are rewritten by their tokens, so each text is read by itself; other modes are other lexers. */
function isShaped({ modes }: StatementRequest, { engine }: SnapshotDatabase): boolean {
  return engine !== 'sqlite' && modes === undefined
}

interface Means extends Pick<AdmissionOptions, 'maskKey'> {
  readonly analyses: Analyses
  readonly nowMs: number
}

function judgeIn(
  place: Place | undefined,
  request: StatementRequest,
  facts: SessionFacts,
  { analyses, nowMs, maskKey }: Means,
): Judged {
  const dialect = place ? dialectOf(place.database.engine) : 'postgres'
  const analysis = analyses.of(request.text, dialect, request.modes)
  const statements = resolveExecutes(analysis.statements, request.prepared)
  if (!place?.isOpen) return { analysis, statements, verdict: SESSION_CLOSED }
  const { directory, database, rules, learnt } = place
  const maskings = maskingsOf(statements, analysis.tokens, place.masks)
  const verdict = judge({
    analysis,
    statements,
    person: facts.principal.name,
    principalId: facts.principal.id,
    database: inDialect(database),
    grants: directory.grants(facts.principal.id, database.id),
    policy: database.policy,
    rules,
    learnt,
    maskings,
    bypasses: directory.bypasses(database.id),
    nowMs,
    isProbe: facts.isProbe,
  })
  if (verdict.action === 'block') return { analysis, statements, verdict }
  const masks = maskedResults(maskings, () => maskKey(database.id))
  return { analysis, statements, verdict, masks }
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
      const { id, databaseId } = recorded
      pass?.pace.note(endedMs - forwardedMs, ending.bytes, options.nowMs())
      noteEnding({ id, databaseId, ending, durationMs }, options)
    },
  }
}
