import type { AuditBatch, VerdictAction } from '@articdbm/contract'
import type { Base } from '../base.ts'
import { append } from './chain.ts'
import { auditId, endingOf, type NewAuditRow, rowOf, splitBatch } from './events.ts'

/** What open pages are told of a batch. */
export interface Taken {
  readonly ids: readonly string[]
  readonly worst: VerdictAction
}

/** Takes each event once, whatever is sent twice; resolves when all are committed. */
export async function ingest(base: Base, batch: AuditBatch): Promise<Taken> {
  const recordedAt = base.now().toISOString()
  const { started, ended } = splitBatch(batch)
  const appended = {
    started: started.map((event) => rowOf(event, recordedAt)),
    ended: ended.map((event) => ({ id: auditId(event.id), ending: endingOf(event) })),
  }
  // Repeating it changes nothing, so it may be repeated after a commit whose outcome is unknown.
  const fresh = await base.store.transaction((tx) => append(tx, appended), { isIdempotent: true })
  return { ids: fresh.map(({ id }) => id), worst: worstOf(fresh) }
}

function worstOf(rows: readonly NewAuditRow[]): VerdictAction {
  const verdicts = new Set(rows.map(({ verdict }) => verdict))
  if (verdicts.has('block')) return 'block'
  return verdicts.has('alert') ? 'alert' : 'allow'
}
