import { StatementCancelled } from '@articdbm/contract'

// A longer timer would fire at once.
const LONGEST_MS = 2 ** 31 - 1

/** A statement's time: it ends by a cancel or a time-out, and some grace later it is given up. */
export class Deadline {
  readonly #graceMs: number
  readonly #giveUp = Promise.withResolvers<never>()
  #timer: NodeJS.Timeout
  #isCancelled = false

  constructor(timeoutMs: number, graceMs: number) {
    this.#graceMs = graceMs
    this.#giveUp.promise.catch(() => {})
    this.#timer = setTimeout(() => this.cancel(), Math.min(timeoutMs, LONGEST_MS))
  }

  cancel(): void {
    if (this.#isCancelled) return
    this.#isCancelled = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#giveUp.reject(new StatementCancelled()), this.#graceMs)
  }

  throwIfCancelled(): void {
    if (this.#isCancelled) throw new StatementCancelled()
  }

  /** Rejects when the grace is over: whoever still works then is stuck. */
  race<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#giveUp.promise])
  }

  end(): void {
    clearTimeout(this.#timer)
  }
}
