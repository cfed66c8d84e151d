import { StatementBlocked } from '@articdbm/contract'
import type { Statement } from '@articdbm/sql'
import type { Judged, Ticket } from '../../admit/admission.ts'
import { isBeyondPreparing } from '../../admit/resolve.ts'
import type { Gateway, SessionFacts } from '../../gateway.ts'
import { NotPreparable, UnknownStatement } from '../faults.ts'

/** A request that was judged and recorded: only such a one may be forwarded. */
export interface Admitted {
  readonly judged: Judged
  readonly tickets: readonly Ticket[]
}

export interface Subject {
  /** What is judged and executed. */
  readonly text: string
  /** What the person typed, where it was translated: this is recorded. */
  readonly typed?: string
  readonly prepared: ReadonlyMap<string, Statement>
  readonly facts: SessionFacts
}

/** Judges, records, and only then lets go on. Throws StatementBlocked, or AuditUnavailable. */
export async function admitStatement(subject: Subject, gateway: Gateway): Promise<Admitted> {
  const { facts, text, prepared } = subject
  const judged = asTyped(gateway.admission.judge({ text, prepared }, facts), subject.typed)
  const tickets = await gateway.admission.record(judged, facts)
  const { verdict } = judged
  if (verdict.action !== 'block') return { judged, tickets }
  if (verdict.rule === 'statement.incomplete') throwKnownRefusal(judged, prepared)
  throw new StatementBlocked(tickets[0]?.id ?? '', verdict.rule, verdict.message)
}

/** What clients know by an errno of its own, which tells more than a syntax error. */
function throwKnownRefusal({ analysis }: Judged, prepared: Subject['prepared']): void {
  const effects = analysis.statements.flatMap(({ session }) => session)
  const isNamed = (name: string) =>
    prepared.has(name) ||
    effects.some((effect) => effect.kind === 'prepare' && effect.name === name)
  for (const effect of effects) {
    if (effect.kind === 'execute' && !isNamed(effect.name))
      throw new UnknownStatement(effect.name, 'EXECUTE')
    const inner = effect.kind === 'prepare' ? effect.prepared : undefined
    if (inner?.isComplete && isBeyondPreparing(inner)) throw new NotPreparable()
  }
}

/** For what executes nothing yet: recorded only when blocked. */
export async function judgeAhead(subject: Subject, gateway: Gateway): Promise<Judged> {
  const { text, prepared, facts } = subject
  const judged = gateway.admission.judge({ text, prepared }, facts)
  if (judged.verdict.action === 'block') await admitStatement(subject, gateway)
  return judged
}

function asTyped(judged: Judged, typed: string | undefined): Judged {
  if (typed === undefined) return judged
  return { ...judged, statements: judged.statements.map((one) => ({ ...one, text: typed })) }
}

/** Whatever goes wrong before an answer ends the record, too. */
export async function endingOnFailure<T>(
  { tickets }: Admitted,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const errno = (error as { mysqlErrno?: unknown }).mysqlErrno
    endAll(tickets, 'error', `${errno ?? 1105}`)
    throw error
  }
}

export function endAll(
  tickets: readonly Ticket[],
  outcome: 'ok' | 'error' | 'lost',
  errorCode = '',
): void {
  for (const ticket of tickets) ticket.end({ outcome, rows: 0, bytes: 0, errorCode })
}
