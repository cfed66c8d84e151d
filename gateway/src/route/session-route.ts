import { FeatureNotSupported, type PoolMode, type SnapshotDatabase } from '@articdbm/contract'
import type { Analysis } from '@articdbm/sql'
import { nowMs } from '../clock.ts'
import type { SessionFacts } from '../session-facts.ts'
import { type Classified, classify } from './classify.ts'
import type { Wish } from './wish.ts'

type Routed = Pick<SessionFacts, 'principal' | 'application'>

/** Where one session's requests go: by what they do, by hints, and by what the session itself has written. */
export class SessionRoute {
  readonly #facts: Routed
  readonly #database: () => SnapshotDatabase | undefined
  #written: ReadonlyMap<string, number> = new Map()
  #mayHaveWritten = false
  #backend: string | undefined
  readonly #placed = (backend: string): void => {
    this.#backend = backend
  }
  /** What was written anywhere was written there: nobody needs to ask the others for it any more. */
  readonly #caughtUp = (backend: string): void => {
    this.#written = new Map([[backend, nowMs()]])
  }

  constructor(facts: Routed, database: () => SnapshotDatabase | undefined) {
    this.#facts = facts
    this.#database = database
  }

  get mode(): PoolMode {
    return this.#database()?.pool.mode ?? 'transaction'
  }

  /** For a request that nothing is known of, or that nothing is executed for. */
  get toPrimary(): Wish {
    return this.#wish('primary', false)
  }

  /** Throws FeatureNotSupported for what the pool's mode can't give. */
  wishFor(analyses: readonly Analysis[]): Wish {
    const classified = analyses.map(classify)
    if (this.mode === 'statement') refuseTransactions(classified)
    const isRead = classified.length > 0 && classified.every(({ class: one }) => one !== 'other')
    this.#mayHaveWritten ||= !isRead
    if (!isRead || this.mode === 'session') return this.toPrimary
    const hints = classified.map(({ hint }) => hint)
    if (hints.includes('primary')) return this.toPrimary
    if (hints.every((hint) => hint === 'replica')) return this.#wish('reader', true)
    const isPlain = classified.every(({ class: one }) => one === 'read')
    return this.#wish(isPlain ? 'reader' : 'primary', false)
  }

  /** The connection was given back: what was written on it is written. A reader's was none to write on. */
  released(aim: Wish['aim']): void {
    if (aim === 'reader') return
    const backend = this.#backend
    if (this.#mayHaveWritten && backend !== undefined) {
      this.#written = new Map([...this.#written, [backend, nowMs()]])
    }
    this.#mayHaveWritten = false
  }

  #wish(aim: Wish['aim'], isHinted: boolean): Wish {
    const { principal, application } = this.#facts
    return {
      ...{ aim, user: principal.name, application, written: this.#written, isHinted },
      ...{ placed: this.#placed, caughtUp: this.#caughtUp },
    }
  }
}

function refuseTransactions(classified: readonly Classified[]): void {
  if (!classified.some(({ beginsTransaction }) => beginsTransaction)) return
  throw new FeatureNotSupported(
    'this database is pooled by statement: transactions need pool mode "transaction" or "session"',
  )
}
