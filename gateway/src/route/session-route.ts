import {
  FeatureNotSupported,
  type PoolMode,
  type SnapshotDatabase,
  type SnapshotPrincipal,
  UnknownDatabase,
} from '@articdbm/contract'
import type { Analysis } from '@articdbm/sql'
import { nowMs } from '../clock.ts'
import type { SessionFacts } from '../session-facts.ts'
import { type Classified, classify } from './classify.ts'
import { type Goal, withGoal } from './goal.ts'
import { type Pooling, poolingOf } from './pooling.ts'
import type { Positions } from './positions.ts'
import type { Wish } from './wish.ts'

type Routed = Pick<SessionFacts, 'principal' | 'application' | 'databaseId'>

/** What it needs of the gateway. */
export interface RouteGateway {
  readonly database: (id: string) => SnapshotDatabase | undefined
  readonly principal: (id: string) => SnapshotPrincipal | undefined
  readonly positions: Positions
}

/** Where one session's requests go: by what they do, by hints, and by what the session itself has written. */
export class SessionRoute {
  readonly #facts: Routed
  readonly #gateway: RouteGateway
  #written: ReadonlyMap<string, number> = new Map()
  #mayHaveWritten = false
  /** What other sessions have written, by their tokens. */
  #goals: readonly Goal[] = []
  #backend: string | undefined
  /** It has a connection that may be written on. */
  #isHolding = false
  readonly #placed = (backend: string): void => {
    this.#backend = backend
    this.#isHolding = true
  }
  /** What was written anywhere was written there: nobody needs to ask the others for it any more. */
  readonly #caughtUp = (backend: string): void => {
    this.#written = new Map([[backend, nowMs()]])
    this.#goals = []
  }

  constructor(facts: Routed, gateway: RouteGateway) {
    this.#facts = facts
    this.#gateway = gateway
  }

  get mode(): PoolMode {
    return this.#pooling.mode
  }

  get #pooling(): Pooling {
    const { database, principal } = this.#gateway
    return poolingOf(database(this.#facts.databaseId), principal(this.#facts.principal.id))
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
    this.#isHolding = false
    const backend = this.#backend
    if (this.#mayHaveWritten && backend !== undefined) {
      this.#written = new Map([...this.#written, [backend, nowMs()]])
    }
    this.#mayHaveWritten = false
  }

  /** A token of all that this session has written, and of what it was told to reach. Throws UnknownDatabase. */
  tellPosition(): Promise<string> {
    // On a connection that it keeps it may have written just now.
    const isHeld = this.#isHolding && this.#backend !== undefined
    const held = isHeld ? [[this.#backend, nowMs()] as [string, number]] : []
    const written = new Map([...this.#written, ...held])
    return this.#gateway.positions.tell(this.#database, written, this.#goals)
  }

  /** From now on it reads nothing earlier; undefined takes that back. Throws PositionRefused, UnknownDatabase. */
  takePosition(token: string | undefined): void {
    const goals = token === undefined ? [] : this.#gateway.positions.read(this.#database, token)
    this.#goals = token === undefined ? [] : goals.reduce(withGoal, this.#goals)
  }

  get #database(): SnapshotDatabase {
    const { databaseId } = this.#facts
    const database = this.#gateway.database(databaseId)
    if (!database) throw new UnknownDatabase(databaseId)
    return database
  }

  #wish(aim: Wish['aim'], isHinted: boolean): Wish {
    const { principal, application } = this.#facts
    const pooling = this.#pooling
    return {
      ...{ aim, user: principal.name, application, written: this.#written, isHinted },
      ...{ maxConnections: pooling.maxConnections, mayShare: pooling.mayShare },
      ...{ goals: this.#goals, caughtUp: this.#caughtUp },
      placed: aim === 'primary' ? this.#placed : nothing,
    }
  }
}

const nothing = () => undefined

function refuseTransactions(classified: readonly Classified[]): void {
  if (!classified.some(({ beginsTransaction }) => beginsTransaction)) return
  throw new FeatureNotSupported(
    'this database is pooled by statement: transactions need pool mode "transaction" or "session"',
  )
}
