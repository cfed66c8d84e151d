import { type Session, until } from './replicated.ts'

export const CLIENTS = 4

/** Clients that write numbers and read them again, and connect anew when they lose their session. */
export class Load {
  readonly acknowledged: number[] = []
  /** Acknowledged numbers that the very session then didn't find. */
  readonly missed: number[] = []
  failures = 0
  #lastFailure: unknown
  #next = 1
  #isStopped = false
  #resumed: Promise<void> = Promise.resolve()
  #resume: () => void = () => undefined
  readonly #busy = new Set<object>()
  readonly #running: Promise<void>[] = []

  start(open: () => Promise<Session>, client: number): void {
    this.#running.push(this.#run(open, client))
  }

  stop(): void {
    this.#isStopped = true
    this.#resume()
  }

  async ended(): Promise<void> {
    await Promise.allSettled(this.#running)
  }

  /** Resolves when nothing is under way. */
  async pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#resumed = promise
    this.#resume = resolve
    await until('the load pauses', async () => this.#busy.size === 0)
  }

  resume(): void {
    this.#resume()
  }

  /** Waits for more acknowledged writes. */
  async goesOn(when: string): Promise<void> {
    const goal = this.acknowledged.length + 5 * CLIENTS
    const isThere = async () => this.acknowledged.length >= goal
    await until(`writes ${when}`, isThere, 120_000).catch((error: unknown) => {
      throw new Error(`${error}; the last failure: ${this.#lastFailure}`)
    })
  }

  async #run(open: () => Promise<Session>, client: number): Promise<void> {
    while (!this.#isStopped) {
      const session = await open().catch(() => undefined)
      if (!session) continue
      await this.#use(session, client).catch((error: unknown) => {
        this.failures += 1
        this.#lastFailure = error
      })
      session.close()
    }
  }

  async #use(session: Session, client: number): Promise<void> {
    while (!this.#isStopped) {
      await this.#resumed
      const work = {}
      this.#busy.add(work)
      try {
        await this.#step(session, client)
      } finally {
        this.#busy.delete(work)
      }
    }
  }

  async #step(session: Session, client: number): Promise<void> {
    const number = this.#next
    this.#next += 1
    await session.ask(`INSERT INTO events VALUES (${number}, ${client})`)
    this.acknowledged.push(number)
    const rows = await session.ask(`SELECT client FROM events WHERE number = ${number}`)
    if (rows[0]?.[0] !== `${client}`) this.missed.push(number)
  }
}
