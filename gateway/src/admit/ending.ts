import type { Ending } from './admission.ts'
import type { AdmissionOptions } from './create-admission.ts'

interface Ended {
  readonly id: string
  readonly databaseId: string
  readonly ending: Ending
  readonly durationMs: number
}

/** Tells the metrics and the audit that a statement is over; nobody waits for it. */
export function noteEnding(ended: Ended, { observer, note, log, nowMs }: AdmissionOptions): void {
  const { id, databaseId, durationMs, ending } = ended
  observer.statementEnded({ databaseId, durationMs, isError: ending.outcome !== 'ok' })
  note(lineOf(ended, nowMs()), (fault) => {
    if (fault) log.error({ err: fault, id }, 'the end of a statement was not recorded')
  })
}

/** An audit event of kind `statement.ended`, put together by hand: there is one for every statement. */
function lineOf({ id, ending, durationMs }: Ended, nowMs: number): string {
  const { outcome, rows, bytes, errorCode } = ending
  const ms = Math.round(durationMs * 1000) / 1000
  const code = errorCode === '' ? '""' : JSON.stringify(errorCode)
  return `{"kind":"statement.ended","id":"${id}","at":"${instant(nowMs)}","outcome":"${outcome}","rows":${rows},"bytes":${bytes},"durationMs":${ms},"errorCode":${code}}\n`
}

let lastMs = 0
let lastInstant = ''

/** ISO 8601, in UTC. Many statements share a millisecond. */
export function instant(ms: number): string {
  if (ms !== lastMs || lastInstant === '') {
    lastInstant = new Date(ms).toISOString()
    lastMs = ms
  }
  return lastInstant
}
