// What one session listens to, and what it has not been told yet.
import type { Statement } from '@articdbm/sql'
import type { Waker } from '../channel.ts'
import { PostgresFault } from '../fault.ts'
import type { Done } from '../here.ts'
import type { SharedListener } from './shared-listener.ts'
import { type ListenWish, listenWish } from './wish.ts'

/** Of notifications that wait for a session to come out of its transaction. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024

export class Subscription implements Waker {
  readonly #listener: SharedListener | undefined
  #waiting: Buffer[] = []
  #waitingBytes = 0
  onActivity: () => void = () => undefined

  /** Without a listener (SQLite) nothing is ever shared. */
  constructor(listener: SharedListener | undefined) {
    this.#listener = listener
  }

  get hasWaiting(): boolean {
    return this.#waitingBytes > 0
  }

  /** A lone LISTEN or UNLISTEN that the shared listener can see to. */
  wishOf([statement, more]: readonly Statement[]): ListenWish | undefined {
    return this.#listener && !more ? listenWish(statement) : undefined
  }

  /** Resolves when it holds, or with why it can't. */
  async grant({ kind, channel }: ListenWish): Promise<Done> {
    let failure: unknown
    try {
      if (kind === 'unlisten') this.#listener?.unlisten(this, channel)
      else if (channel !== undefined) await this.#listener?.listen(this, channel)
    } catch (error) {
      failure = error
    }
    return { tag: kind.toUpperCase(), failure }
  }

  /** A backend of the session's own has seen to this statement: nothing may be told twice. */
  follow(statement: Statement): void {
    const wish = listenWish(statement)
    if (wish) this.#listener?.unlisten(this, wish.channel)
  }

  leave(): void {
    this.#listener?.unlisten(this, undefined)
  }

  notify(bytes: Buffer): void {
    this.#waitingBytes += bytes.length
    // What doesn't fit is let go: the session will end, and must not fill the memory until then.
    if (this.#waitingBytes <= MAX_WAITING_BYTES) this.#waiting.push(bytes)
    else this.#waiting = []
    this.onActivity()
  }

  /** Throws where more came than is kept: a gap must not go unnoticed. */
  take(): readonly Buffer[] {
    if (this.#waitingBytes > MAX_WAITING_BYTES) {
      throw new PostgresFault('54000', 'too many notifications are waiting for this session')
    }
    const waiting = this.#waiting
    this.#waiting = []
    this.#waitingBytes = 0
    return waiting
  }
}
