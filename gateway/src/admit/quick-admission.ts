// Recording without waiting and almost without allocating: an audit line is put together from what is the same for
// every statement of a session, and for every statement of a shape.
import { randomUUID } from 'node:crypto'
import { dialectOf } from '@articdbm/contract'
import { shapeOf } from '@articdbm/sql'
import type { SessionFacts } from '../session-facts.ts'
import type { QuickAdmission, QuickTicket } from './admission.ts'
import type { AdmissionOptions } from './create-admission.ts'
import { instant, noteEnding } from './ending.ts'
import { recordedEvents } from './events.ts'
import { judgedBy, type Pass, type PassBook, type Passes } from './passes.ts'
import { placeOf } from './place.ts'

export function createQuickAdmission(
  facts: SessionFacts,
  passes: Passes,
  options: AdmissionOptions,
): QuickAdmission {
  let book: PassBook | undefined
  let lineMiddle = ''

  /** The book under the newest snapshot; undefined where the account or database is no longer open. */
  const currentBook = (): PassBook | undefined => {
    if (book && book.directory === options.directory()) return book
    const place = placeOf(facts, options)
    if (!place?.isOpen) return undefined
    book = passes.of(place, facts)
    lineMiddle = middleOf(facts, place.database.name, options.gateway)
    return book
  }

  return {
    passFor: (text) => {
      const found = currentBook()
      if (!found || found.database.engine === 'sqlite') return undefined
      const shape = shapeOf(text, dialectOf(found.database.engine))
      return shape && found.find(shape, options.nowMs())
    },
    isShortRead: ({ isRead, pace }) => isRead && pace.isShort(options.nowMs()),
    record: (pass, text, recorded) => {
      if (!book) throw new Error('this pass was given by somebody else')
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
  { id, pass, databaseId }: { id: string; pass: Pass; databaseId: string },
  options: AdmissionOptions,
): QuickTicket {
  const startedMs = performance.now()
  return {
    end: (ending, serviceMs) => {
      const durationMs = performance.now() - startedMs
      pass.pace.note(serviceMs, ending.bytes, options.nowMs())
      noteEnding({ id, databaseId, ending, durationMs }, options)
    },
  }
}
