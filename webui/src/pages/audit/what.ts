import type { AuditEntry } from '@articdbm/contract'

export interface What {
  readonly text: string
  readonly detail: string
}

/** A row in one line, and what else matters of it in a second. */
export function whatOf(entry: AuditEntry): What {
  switch (entry.kind) {
    case 'statement':
      return { text: entry.sql.replaceAll(/\s+/g, ' '), detail: detailOf(entry) }
    case 'session':
      return {
        text: entry.verdict === 'block' ? 'Log-in refused' : 'Logged in',
        detail: entry.message || entry.application,
      }
    case 'administration':
      return { text: entry.action || entry.message, detail: entry.object }
  }
}

function detailOf(entry: AuditEntry): string {
  if (entry.verdict !== 'allow') return entry.rule || entry.message
  if (entry.outcome === 'error') return `failed with ${entry.errorCode}`
  if (entry.outcome === 'cancelled' || entry.outcome === 'lost') return entry.outcome
  return entry.relations.map(({ name, access }) => `${access} ${name}`).join(', ')
}
