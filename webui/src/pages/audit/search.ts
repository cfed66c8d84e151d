import type { AuditQuery } from '@articdbm/contract'

/** The filters as the address bar holds them, so that a search can be shared; `event` is open beside them. */
export interface AuditSearch {
  readonly kind?: NonNullable<AuditQuery['kind']>
  readonly principal?: string
  readonly door?: NonNullable<AuditQuery['door']>
  readonly database?: string
  readonly verdict?: NonNullable<AuditQuery['verdict']>
  readonly sql?: string
  readonly relation?: string
  readonly digest?: string
  readonly from?: string
  readonly until?: string
  readonly event?: string
}

const TEXTS = ['principal', 'database', 'sql', 'relation', 'digest', 'event'] as const
const INSTANTS = ['from', 'until'] as const
const CHOICES = {
  kind: ['statement', 'session', 'administration'],
  door: ['postgres', 'mysql', 'rest', 'console', 'web'],
  verdict: ['allow', 'alert', 'block'],
} as const

export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const kept: Record<string, string> = {}
  for (const name of TEXTS) keep(kept, name, search[name], (text) => text !== '')
  for (const name of INSTANTS)
    keep(kept, name, search[name], (text) => !Number.isNaN(Date.parse(text)))
  for (const [name, allowed] of Object.entries(CHOICES))
    keep(kept, name, search[name], (text) => (allowed as readonly string[]).includes(text))
  return kept
}

function keep(
  kept: Record<string, string>,
  name: string,
  value: unknown,
  isValid: (text: string) => boolean,
): void {
  // A name made of digits arrives as a number from the address bar.
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text === 'string' && isValid(text)) kept[name] = text
}

/** What the manager is asked: all but what is only of the page. */
export function auditQueryOf({ event: _, ...filters }: AuditSearch): AuditQuery {
  return filters
}
