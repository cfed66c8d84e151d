import type { AuditEvent } from '@articdbm/contract'

/** Stands where the gateway's spool stands: what is recorded is in `events` at once. */
export function createMemoryAudit(events: AuditEvent[]) {
  const record = (lines: string, recorded: (fault: undefined) => void): void => {
    for (const line of lines.split('\n').filter(Boolean)) events.push(JSON.parse(line))
    recorded(undefined)
  }
  return { record, note: record }
}
