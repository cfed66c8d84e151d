// One pool: the connections to one backend, leased to sessions in the order they asked.
import {
  type PinnedConnection,
  PoolExhausted,
  type PoolSettings,
  ShuttingDown,
} from '@articdbm/contract'
import { type Health, HealthRecord } from './health.ts'
import type { BackendConnection, Lease, PoolFigures } from './pool.ts'
import { Silence } from './silence.ts'

/** Lifetimes differ by up to a tenth, so that connections opened together don't end together. */
const LIFETIME_JITTER = 0.1
const MIN_WARM = 2

export interface PoolOptions<C> {
  readonly databaseName: string
  readonly settings: PoolSettings
  readonly dial: (signal: AbortSignal) => Promise<C>
  readonly nowMs: () => number
  /** 0 ≤ x < 1 */
  readonly random: () => number
  /** Shared with whoever else tries this backend. */
  readonly health?: HealthRecord
  /** A connection ended that nobody here has closed. */
  readonly onLost?: () => void
}

/** Who has a lease. */
export interface Tenant {
  readonly user: string
  readonly application: string
  /** The lease is over. */
  readonly left: () => void
}

const NOBODY: Tenant = { user: '', application: '', left: () => undefined }

/** What is told of a pinned connection; the backend's name is added by whoever knows it. */
export type PinnedHere = Omit<PinnedConnection, 'backend'>

interface Member<C> {
  readonly connection: C
  readonly retireAtMs: number
  idleSinceMs: number
  isClosing: boolean
}

interface Waiter<C> {
  readonly tenant: Tenant
  readonly resolve: (lease: Lease<C & BackendConnection>) => void
  readonly reject: (error: Error) => void
}

export class ConnectionPool<C extends BackendConnection> {
  readonly #options: PoolOptions<C>
  readonly #health: HealthRecord
  readonly #closing = new AbortController()
  readonly #silence = new Silence<C>()
  readonly #leased = new Set<Member<C>>()
  readonly #pinned = new Map<Member<C>, PinnedHere>()
  #idle: Member<C>[] = []
  #waiting: Waiter<C>[] = []
  #dialing = 0
  #drained: (() => void) | undefined

  constructor(options: PoolOptions<C>) {
    this.#options = options
    this.#health = options.health ?? new HealthRecord()
  }

  get figures(): PoolFigures {
    const [idle, leased] = [this.#idle.length, this.#leased.size]
    return { open: idle + leased, idle, leased, waiting: this.#waiting.length }
  }

  get health(): Health {
    return this.#health.now
  }

  /** The oldest first. */
  get pinned(): readonly PinnedHere[] {
    return [...this.#pinned.values()]
  }

  get isClosing(): boolean {
    return this.#closing.signal.aborted
  }

  async checkout(signal: AbortSignal, tenant: Tenant = NOBODY): Promise<Lease<C>> {
    signal.throwIfAborted()
    if (this.#closing.signal.aborted) throw new ShuttingDown()
    return this.checkoutNow(tenant) ?? this.#wait(signal, tenant)
  }

  /** Undefined: none idles. */
  checkoutNow(tenant: Tenant): Lease<C> | undefined {
    const member = this.#closing.signal.aborted ? undefined : this.#takeIdle()
    return member && this.#lease(member, tenant)
  }

  /** The backend is gone: who waits on a connection that idles here would wait in vain. */
  closeIdle(): void {
    for (const member of this.#idle.splice(0)) end(member)
  }

  /** One more check in which the backend wasn't there: whoever has waited for it long enough is let go. */
  countSilence(): void {
    for (const connection of this.#silence.count(this.#connections())) connection.wire?.sever()
  }

  /** The backend is there. */
  forgetSilence(): void {
    this.#silence.forget()
  }

  *#connections(): Iterable<C> {
    for (const { connection } of this.#leased) yield connection
  }

  /** Opens what the warm-up asks for; a backend that is down shows in `health`, not as an error. */
  warmUp(): void {
    const missing = this.#warmCount() - this.figures.open - this.#dialing
    for (let opened = 0; opened < missing; opened += 1) this.#dial()
  }

  /** Retires what is too old or idle for too long, and keeps the warm ones; called about every second. */
  maintain(): void {
    const nowMs = this.#options.nowMs()
    const [kept, retired] = this.#sortIdle(nowMs)
    this.#idle = kept
    for (const member of retired) end(member)
    if (this.#health.mayDial(nowMs)) this.warmUp()
  }

  async drain(): Promise<void> {
    this.#closing.abort(new ShuttingDown())
    for (const { reject } of this.#waiting.splice(0)) reject(new ShuttingDown())
    this.closeIdle()
    if (this.#leased.size === 0) return
    await new Promise<void>((resolve) => {
      this.#drained = resolve
    })
  }

  /** Ends leased connections, too. */
  close(): void {
    this.drain().catch(() => undefined)
    for (const member of this.#leased) end(member)
  }

  #warmCount(): number {
    const { maxConnections, warmupRatio } = this.#options.settings
    const wanted = Math.max(MIN_WARM, Math.ceil(maxConnections * warmupRatio))
    return warmupRatio === 0 ? 0 : Math.min(maxConnections, wanted)
  }

  #keptCount(): number {
    const { maxConnections, keptIdleRatio } = this.#options.settings
    return Math.max(1, Math.floor(maxConnections * keptIdleRatio))
  }

  #sortIdle(nowMs: number): readonly [Member<C>[], Member<C>[]] {
    const kept: Member<C>[] = []
    const retired: Member<C>[] = []
    const { idleTimeoutMs } = this.#options.settings
    let spare = this.figures.open - this.#warmCount()
    for (const member of this.#idle) {
      const isIdleTooLong = spare > 0 && nowMs - member.idleSinceMs >= idleTimeoutMs
      const isOver = !member.connection.isOpen || nowMs >= member.retireAtMs || isIdleTooLong
      if (isOver) spare -= 1
      ;(isOver ? retired : kept).push(member)
    }
    return [kept, retired]
  }

  /** The one that was used last: the others may then grow old and go. */
  #takeIdle(): Member<C> | undefined {
    for (;;) {
      const member = this.#idle.pop()
      if (!member) return undefined
      if (member.connection.isOpen && this.#options.nowMs() < member.retireAtMs) return member
      end(member)
    }
  }

  #lease(member: Member<C>, tenant: Tenant): Lease<C> {
    this.#leased.add(member)
    return {
      connection: member.connection,
      pin: (pin) => {
        if (!this.#leased.has(member)) return
        const { user, application } = tenant
        const since = new Date(this.#options.nowMs()).toISOString()
        this.#pinned.set(member, { user, application, ...pin, since })
      },
      [Symbol.dispose]: () => {
        if (!this.#leased.delete(member)) return
        this.#pinned.delete(member)
        tenant.left()
        this.#takeBack(member)
      },
    }
  }

  #takeBack(member: Member<C>): void {
    const { connection } = member
    const isOver = this.#options.nowMs() >= member.retireAtMs
    if (this.#closing.signal.aborted || isOver || !connection.isOpen || !connection.isReusable) {
      end(member)
      this.#replace()
      return
    }
    this.#offer(member)
  }

  #offer(member: Member<C>): void {
    const waiter = this.#waiting.shift()
    if (waiter) waiter.resolve(this.#lease(member, waiter.tenant))
    else this.#store(member)
  }

  #store(member: Member<C>): void {
    member.idleSinceMs = this.#options.nowMs()
    if (this.#idle.length < this.#keptCount()) this.#idle.push(member)
    else end(member)
  }

  #replace(): void {
    if (this.#closing.signal.aborted) this.#finishDraining()
    else if (this.#waiting.length > this.#dialing) this.#dialIfRoom()
  }

  #finishDraining(): void {
    if (this.#leased.size === 0) this.#drained?.()
  }

  #wait(signal: AbortSignal, tenant: Tenant): Promise<Lease<C>> {
    this.#dialIfRoom()
    return new Promise((resolve, reject) => {
      const { databaseName, settings } = this.#options
      const leave = (error: Error): void => {
        const at = this.#waiting.indexOf(waiter)
        if (at !== -1) this.#waiting.splice(at, 1)
        settle()
        reject(error)
      }
      const onAbort = (): void =>
        leave(signal.reason instanceof Error ? signal.reason : new ShuttingDown())
      const timer = setTimeout(
        () => leave(new PoolExhausted(databaseName, settings.checkoutTimeoutMs)),
        settings.checkoutTimeoutMs,
      )
      const settle = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
      }
      const waiter: Waiter<C> = {
        tenant,
        resolve: (lease) => {
          settle()
          resolve(lease)
        },
        reject: (error) => {
          settle()
          reject(error)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(waiter)
    })
  }

  #dialIfRoom(): void {
    const { maxConnections } = this.#options.settings
    if (this.figures.open + this.#dialing < maxConnections) this.#dial()
  }

  #dial(): void {
    this.#dialing += 1
    this.#options.dial(this.#closing.signal).then(
      (connection) => this.#welcome(connection),
      (error: unknown) => this.#failed(error instanceof Error ? error : new Error(String(error))),
    )
  }

  #welcome(connection: C): void {
    this.#dialing -= 1
    this.#health.succeeded()
    if (this.#closing.signal.aborted) {
      connection.close()
      return
    }
    const nowMs = this.#options.nowMs()
    const jitter = 1 - this.#options.random() * LIFETIME_JITTER
    const retireAtMs = nowMs + this.#options.settings.lifetimeMs * jitter
    const member = { connection, retireAtMs, idleSinceMs: nowMs, isClosing: false }
    connection.onClosed(() => this.#lost(member))
    this.#offer(member)
  }

  #lost(member: Member<C>): void {
    const at = this.#idle.indexOf(member)
    if (at !== -1) this.#idle.splice(at, 1)
    if (!member.isClosing) this.#options.onLost?.()
  }

  /** Whoever has waited longest learns why; the others may still get a connection that comes back. */
  #failed(error: Error): void {
    this.#dialing -= 1
    this.#health.failed(error.message, this.#options.nowMs())
    this.#waiting.shift()?.reject(error)
    if (this.figures.open + this.#dialing > 0) return
    for (const { reject } of this.#waiting.splice(0)) reject(error)
  }
}

function end<C extends BackendConnection>(member: Member<C>): void {
  member.isClosing = true
  member.connection.close()
}
