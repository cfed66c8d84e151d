// Recording without waiting and almost without allocating: an audit line is put together from what is the same for
// every statement of a session, and for every statement of a shape.
import { randomUUID } from 'node:crypto'
import { dialectOf } from '@articdbm/contract'
import { shapeOf } from '@articdbm/sql'
import type { SessionFacts } from '../session-facts.ts'
import { isOpen } from '../snapshot/directory.ts'
import type { Ending, QuickAdmission, QuickTicket } from './admission.ts'
import type { AdmissionOptions } from './create-admission.ts'
import { recordedEvents } from './events.ts'
import { judgedBy, type Pass, type PassBook, type Passes } from './passes.ts'

export function createQuickAdmission(
  facts: SessionFacts,
  passes: Passes,
  options: AdmissionOptions,
): QuickAdmission {
  let book: PassBook | undefined
  let lineMiddle = ''

  /** The book under the newest snapshot; undefined where the account or database is no longer open. */
  const currentBook = (): PassBook | undefined => {
    const directory = options.directory()
    if (book && book.directory === directory) return book
    const database = directory?.database(facts.databaseId)
    const principal = directory?.principal(facts.principal.id)
    if (!directory || !database || !principal || !isOpen(principal, options.nowMs())) {
      return undefined
    }
    book = passes.of(directory, database, facts)
    lineMiddle = middleOf(facts, database.name, options.gateway)
    return book
  }

  return {
    shortRead: (text) => {
      const found = currentBook()
      if (!found || found.database.engine === 'sqlite') return undefined
      const shape = shapeOf(text, dialectOf(found.database.engine))
      const pass = shape && found.find(shape, options.nowMs())
      return pass?.isRead && pass.pace.isShort(options.nowMs()) ? pass : undefined
    },
    record: (pass, text, recorded) => {
      const id = randomUUID()
      const at = instant(options.nowMs())
      pass.lineEnd ??= endOfLine(pass, facts)
      const begin = `{"kind":"statement.recorded","id":"${id}","at":"${at}"${lineMiddle}`
      options.record(begin + JSON.stringify(text) + pass.lineEnd, recorded)
      return createTicket({ id, pass, databaseId: facts.databaseId }, options)
    },
  }
}

function middleOf(facts: SessionFacts, database: string, gateway: string): string {
  const { id, door, principal, address, application, databaseId } = facts
  const fields = {
    ...{ gateway, session: id, door, principalId: principal.id, principal: principal.name },
    ...{ address, application: application.slice(0, 255), databaseId, database },
  }
  return `,${JSON.stringify(fields).slice(1, -1)},"sql":`
}

/** What `recordedEvents` says of a statement of this shape, behind its text. */
function endOfLine(pass: Pass, facts: SessionFacts): string {
  const [event] = recordedEvents(judgedBy(pass, pass.analysis.text), {
    ...{ gateway: '', databaseName: '', facts, at: '', createId: () => '' },
  })
  if (!event) throw new Error('a pass without a statement')
  const { isTruncated, digest, effects, relations, verdict, rule, score, message } = event
  const fields = { isTruncated, digest, effects, relations, verdict, rule, score, message }
  return `,${JSON.stringify(fields).slice(1)}\n`
}

function createTicket(
  recorded: { readonly id: string; readonly pass: Pass; readonly databaseId: string },
  options: AdmissionOptions,
): QuickTicket {
  const startedMs = performance.now()
  return {
    end: (ending, serviceMs) => {
      const nowMs = options.nowMs()
      const durationMs = performance.now() - startedMs
      recorded.pass.pace.note(serviceMs, ending.bytes, nowMs)
      const isError = ending.outcome !== 'ok'
      options.observer.statementEnded({ databaseId: recorded.databaseId, durationMs, isError })
      options.note(endedLine(recorded.id, ending, { durationMs, nowMs }), (fault) => {
        if (!fault) return
        const { id } = recorded
        options.log.error({ err: fault, id }, 'the end of a statement was not recorded')
      })
    },
  }
}

function endedLine(
  id: string,
  { outcome, rows, bytes, errorCode }: Ending,
  { durationMs, nowMs }: { readonly durationMs: number; readonly nowMs: number },
): string {
  const ms = Math.round(durationMs * 1000) / 1000
  const code = errorCode === '' ? '""' : JSON.stringify(errorCode)
  return `{"kind":"statement.ended","id":"${id}","at":"${instant(nowMs)}","outcome":"${outcome}","rows":${rows},"bytes":${bytes},"durationMs":${ms},"errorCode":${code}}\n`
}

let lastMs = 0
let lastInstant = ''

/** Many statements share a millisecond. */
function instant(ms: number): string {
  if (ms !== lastMs || lastInstant === '') {
    lastInstant = new Date(ms).toISOString()
    lastMs = ms
  }
  return lastInstant
}
