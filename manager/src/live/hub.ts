import type { AuditBatch, LiveEvent, VerdictAction } from '@articdbm/contract'
import type { Area } from '../base.ts'

export interface AuditNews {
  readonly id: string
  readonly principalId: string
  readonly verdict: VerdictAction
}

/** What a page's socket gets; audit news is narrowed by the socket to what its person may see. */
export type News =
  | { readonly kind: 'event'; readonly event: LiveEvent }
  | { readonly kind: 'audit'; readonly entries: readonly AuditNews[]; readonly count: number }

export type Listener = (news: News) => void

/** Audit news is gathered for this long: at most four events a second. */
const GATHER_MS = 250
/** Only the newest are told by id; the rest is counted. */
const MAX_GATHERED = 1_000

export class LiveHub {
  readonly #listeners = new Set<Listener>()
  #gathered: AuditNews[] = []
  #count = 0

  constructor(signal: AbortSignal) {
    const timer = setInterval(() => this.#tellAudit(), GATHER_MS)
    signal.addEventListener('abort', () => clearInterval(timer), { once: true })
  }

  get size(): number {
    return this.#listeners.size
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  tell(event: LiveEvent): void {
    for (const listener of this.#listeners) listener({ kind: 'event', event })
  }

  changed(what: Area, at: Date): void {
    this.tell({ type: 'changed', what, at: at.toISOString() })
  }

  /** Of a batch that was committed: the rows that were new. */
  recorded(freshIds: readonly string[], batch: AuditBatch): void {
    if (this.#listeners.size === 0) return
    const fresh = new Set(freshIds)
    const news = batch.events.flatMap((event) => {
      if (event.kind === 'statement.ended' || !fresh.has(event.id)) return []
      return [{ id: event.id, principalId: event.principalId, verdict: verdictOf(event) }]
    })
    this.#count += news.length
    this.#gathered = [...this.#gathered, ...news].slice(-MAX_GATHERED)
  }

  #tellAudit(): void {
    if (this.#count === 0) return
    const news: News = { kind: 'audit', entries: this.#gathered, count: this.#count }
    this.#gathered = []
    this.#count = 0
    for (const listener of this.#listeners) listener(news)
  }
}

function verdictOf(
  event: Exclude<AuditBatch['events'][number], { kind: 'statement.ended' }>,
): VerdictAction {
  if (event.kind === 'statement.recorded') return event.verdict
  return event.isRefused ? 'block' : 'allow'
}
