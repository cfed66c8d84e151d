import type { Admission, Judged, StatementRequest } from '../admit/admission.ts'
import type { SessionFacts } from '../session-facts.ts'
import { needsJudging } from './parameters.ts'
import { quoted } from './quoted.ts'
import { blockedBy, endAll } from './recording.ts'

export interface LoggingIn {
  readonly facts: SessionFacts
  readonly settings: ReadonlyMap<string, string>
  readonly judge: (request: StatementRequest) => Judged
  readonly admission: Pick<Admission, 'record'>
}

/**
 * What not everybody may set is judged and recorded at log-in as the statement that would set it. Throws the refusal,
 * or AuditUnavailable.
 */
export async function admitSettings(logIn: LoggingIn): Promise<void> {
  for (const [name, value] of logIn.settings) {
    if (!needsJudging(name, value)) continue
    const text = `SELECT set_config(${quoted(name)}, ${quoted(value)}, false)`
    const judged = logIn.judge({ text, prepared: new Map() })
    const tickets = await logIn.admission.record(judged, logIn.facts)
    if (judged.verdict.action === 'block') throw blockedBy(judged, tickets[0])
    endAll(tickets, '')
  }
}
