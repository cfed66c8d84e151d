import { type AuditEvent, AuditUnavailable } from '@articdbm/contract'

/** Why nothing can be recorded now; undefined: it can. */
export type AuditFault = () => string | undefined

/** Stands where the gateway's spool stands: what is recorded is in `events` at once. */
export function createMemoryAudit(events: AuditEvent[], faultNow: AuditFault = () => undefined) {
  const record = (lines: string, recorded: (fault: AuditUnavailable | undefined) => void): void => {
    const fault = faultNow()
    if (fault !== undefined) {
      recorded(new AuditUnavailable(fault))
      return
    }
    for (const line of lines.split('\n').filter(Boolean)) events.push(JSON.parse(line))
    recorded(undefined)
  }
  return { record, note: record }
}
