import { StatementCancelled } from '@articdbm/contract'
import type { Analysis, Statement } from '@articdbm/sql'
import { runUnreadCode } from '../admit/unread-code.ts'
import { pinOf } from '../pool/pin.ts'
import type { SessionRoute } from '../route/session-route.ts'
import type { Wish } from '../route/wish.ts'
import type { Executor } from './executor.ts'
import { PostgresFault } from './fault.ts'
import { asksForPast, pinReasonOf, replayableSetting, resetOf } from './judging.ts'
import type { Way } from './quick/way.ts'

/** Where a session's connections come from. */
export interface Checkout {
  wait(signal: AbortSignal, wish: Wish): Promise<Executor>
  /** Undefined where it would have to wait. */
  now(wish: Wish): Executor | undefined
}

/** The backend connection of one session: leased when a request needs it, given back between transactions. */
export class Holding {
  readonly #checkout: Checkout
  readonly route: SessionRoute
  readonly #initialSettings: ReadonlyMap<string, string>
  #settings: ReadonlyMap<string, string>
  #executor: Executor | undefined
  #waiting: AbortController | undefined
  #pinReason: string | undefined
  /** Nobody knows what is left on the connection. */
  #mustClean = false
  #aim: Wish['aim'] = 'primary'

  constructor(checkout: Checkout, settings: ReadonlyMap<string, string>, route: SessionRoute) {
    this.#checkout = checkout
    this.route = route
    this.#initialSettings = settings
    this.#settings = settings
  }

  get executor(): Executor | undefined {
    return this.#executor
  }

  /** What each connection is given that serves the session. */
  get settings(): ReadonlyMap<string, string> {
    return this.#settings
  }

  /** Why the connection is this session's for good. */
  get pinReason(): string | undefined {
    return this.#pinReason
  }

  /**
   * For these analyses; a connection that the session has already serves them, too. Outside a transaction it has the
   * session's settings when this resolves.
   */
  async lease(isIdle: boolean, analyses?: readonly Analysis[]): Promise<Executor> {
    const wish = analyses ? this.wishFor(analyses) : this.route.toPrimary
    const known = this.#executor
    if (!known && analyses?.some(asksForPast)) throw forgotten()
    const executor = known ?? (await this.#checkOut(wish))
    const failure = isIdle ? await executor.adopt(this.#settings) : undefined
    if (!failure) return executor
    if (!known) await this.#giveBack('fields' in failure ? 'clean' : 'dirty')
    throw failure
  }

  /** The same for a quick request; undefined where it would have to wait. */
  quickWay(analysis: Analysis, isIdle: boolean): Way | undefined {
    if (this.route.mode === 'statement') return undefined
    const wish = this.wishFor([analysis])
    if (!this.#executor && asksForPast(analysis)) return undefined
    if (!this.#executor) this.#hold(this.#checkout.now(wish), wish)
    this.noteRun(analysis.statements)
    return this.#executor?.quickWay(isIdle ? this.#settings : undefined)
  }

  /** As `release`, where nothing has to be waited for; false: it has to. */
  releaseNow(): boolean {
    if (this.#isKept || !this.#executor) return true
    if (this.#mustClean || !this.#executor.releaseNow()) return false
    this.#executor = undefined
    this.route.released(this.#aim)
    return true
  }

  /** Ends the wait for a connection. */
  cancelWait(): void {
    this.#waiting?.abort(new StatementCancelled())
  }

  /** A connection with the session's state on it stays. */
  async release(): Promise<void> {
    if (!this.#isKept) await this.#giveBack(this.#mustClean ? 'pinned' : 'clean')
  }

  /** It has a connection that nothing keeps with the session. */
  get isDue(): boolean {
    return this.#executor !== undefined && !this.#isKept
  }

  get #isKept(): boolean {
    return this.#pinReason !== undefined || this.route.mode === 'session'
  }

  /** The session is over, or the connection lost. */
  async leave(state: 'idle' | 'dirty'): Promise<void> {
    await this.#giveBack(state === 'idle' ? 'pinned' : 'dirty')
  }

  /** Before it runs: what these statements leave behind may have to stay with the session. */
  pinFor(statements: readonly Statement[], lone: readonly Statement[]): void {
    if (replayableSetting(lone) || resetOf(lone)) return
    for (const statement of statements) {
      const reason = pinReasonOf(statement)
      if (reason !== undefined && this.#pinReason === undefined) this.#pin(reason, statement)
    }
  }

  /** These are about to run, whatever they were called by. */
  noteRun(statements: readonly Statement[]): void {
    this.#mustClean ||= runUnreadCode(statements)
  }

  /** A lone SET or RESET has succeeded outside a transaction: from now on it follows the session. */
  noteSetting(lone: readonly Statement[]): void {
    const reset = resetOf(lone)
    if (reset) this.#reset(reset.name)
    const setting = replayableSetting(lone)
    if (!setting) return
    this.#settings = new Map([...this.#settings, [setting.name, setting.value]])
    this.#executor?.noteSetting(setting.name, setting.value)
  }

  /** The server went back to its own default; the session's is given to it with the next request. */
  #reset(name: string | undefined): void {
    const isReset = (known: string) => name === undefined || known === name
    const kept = [...this.#settings].filter(([known]) => !isReset(known))
    const first = [...this.#initialSettings].filter(([known]) => isReset(known))
    this.#settings = new Map([...kept, ...first])
    this.#executor?.noteReset(name)
  }

  /** DISCARD ALL has succeeded. */
  forgetSettings(): void {
    this.#executor?.noteReset(undefined)
    this.#settings = this.#initialSettings
  }

  /** Its connection has a prepared statement by the session's own name for it. */
  keepFor(name: string, statement: Pick<Statement, 'normalized' | 'digest'>): void {
    if (this.#pinReason === undefined) this.#pin(`prepared statement ${name}`, statement)
  }

  #pin(reason: string, statement: Pick<Statement, 'normalized' | 'digest'>): void {
    this.#pinReason = reason
    this.#executor?.pin(pinOf(reason, statement))
  }

  /** A standby has no serializable transactions. */
  wishFor(analyses: readonly Analysis[]): Wish {
    const wish = this.route.wishFor(analyses)
    const isSerializable = [...this.#settings].some(
      ([name, value]) => name.endsWith('transaction_isolation') && /serializable/i.test(value),
    )
    return isSerializable ? this.route.toPrimary : wish
  }

  async #checkOut(wish: Wish): Promise<Executor> {
    const waiting = new AbortController()
    this.#waiting = waiting
    try {
      const executor = await this.#checkout.wait(waiting.signal, wish)
      this.#hold(executor, wish)
      return executor
    } finally {
      this.#waiting = undefined
    }
  }

  #hold(executor: Executor | undefined, { aim }: Wish): void {
    this.#executor = executor
    this.#aim = aim
  }

  async #giveBack(state: 'clean' | 'pinned' | 'dirty'): Promise<void> {
    const executor = this.#executor
    this.#executor = undefined
    this.#mustClean = false
    await executor?.release(state)
    if (executor) this.route.released(this.#aim)
  }
}

/** The SQLSTATE that PostgreSQL has for a session that has not used the sequence. */
function forgotten(): PostgresFault {
  return new PostgresFault(
    '55000',
    'currval and lastval are not defined here: the connection went back to the pool after the last transaction',
    'Use INSERT … RETURNING, or ask within the transaction that used the sequence.',
  )
}
