// Records what a request is about to do, before any frame of it goes on.
import { StatementBlocked } from '@articdbm/contract'
import type { Ending, Judged, Ticket } from '../admit/admission.ts'
import { whyUnknown } from '../admit/resolve.ts'
import { type Admissible, type Admitted, undoAll } from './extended.ts'
import { PostgresFault } from './fault.ts'
import { noStatement } from './mentions.ts'

export interface RecordedOne {
  readonly admitted: Admitted
  readonly tickets: readonly Ticket[]
}

/** What may be forwarded, and why the rest may not. */
export interface Recorded {
  readonly admitted: readonly RecordedOne[]
  readonly refused: unknown
}

export type RecordOne = (judged: Judged) => Promise<readonly Ticket[]>

/** Every Execute, and a refusal, in one wait; where that fails nothing may pass. */
export async function recordAll(
  { admitted, refused }: Admissible,
  record: RecordOne,
): Promise<Recorded> {
  const verdict = refused && 'verdict' in refused ? refused : undefined
  const judged = [...admitted.map((one) => one.judged), verdict]
  const recording = judged.map((one) => (one ? record(one) : Promise.resolve([])))
  const settled = await Promise.allSettled(recording)
  const failed = settled.find((one) => one.status === 'rejected')
  const tickets = settled.map((one) => (one.status === 'fulfilled' ? one.value : []))
  if (failed) {
    endAll(tickets.flat(), '53100')
    undoAll(admitted)
    return { admitted: [], refused: failed.reason }
  }
  return {
    admitted: admitted.map((one, at) => ({ admitted: one, tickets: tickets[at] ?? [] })),
    refused: verdict ? blockedBy(verdict, tickets.at(-1)?.[0]) : refused,
  }
}

export function endAll(tickets: readonly Ticket[], errorCode: string): void {
  const outcome = errorCode === '' ? 'ok' : 'error'
  const ending: Ending = { outcome, rows: 0, bytes: 0, errorCode }
  for (const ticket of tickets) ticket.end(ending)
}

export function blockedBy(
  judged: Judged,
  ticket: Ticket | undefined,
): StatementBlocked | PostgresFault {
  const { rule, message } = judged.verdict
  const blocked = new StatementBlocked(ticket?.id ?? '', rule, message)
  return syntaxError(judged, blocked.hint) ?? unknownExecuted(judged) ?? blocked
}

/** The grammar that judged is PostgreSQL's own: clients know a syntax error by its code, words and place. */
function syntaxError({ verdict, analysis }: Judged, hint: string): PostgresFault | undefined {
  const wrong = analysis.statements.find(({ isComplete }) => !isComplete)
  const isSyntax = / at or near "| at end of input$|syntax error/.test(wrong?.why ?? '')
  if (!wrong || !isSyntax || verdict.rule !== 'statement.incomplete') return undefined
  const position = wrong.errorAt === undefined ? undefined : wrong.errorAt - 1
  return new PostgresFault('42601', wrong.why, hint, position)
}

/** An EXECUTE of what the session has not prepared. */
function unknownExecuted({ verdict, statements }: Judged): PostgresFault | undefined {
  const wrong = statements.find(({ isComplete }) => !isComplete)
  if (!wrong || verdict.rule !== 'statement.incomplete') return undefined
  const executed = wrong.session.find(
    (effect) => effect.kind === 'execute' && wrong.why === whyUnknown(effect.name),
  )
  return executed?.kind === 'execute' ? noStatement(executed.name) : undefined
}
