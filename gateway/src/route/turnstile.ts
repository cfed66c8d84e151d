import { UserConnectionsExhausted } from '@articdbm/contract'

interface Waiter {
  readonly enter: () => void
}

interface Line {
  inside: number
  readonly waiting: Waiter[]
}

export interface Entering {
  readonly user: string
  readonly database: string
  /** 0: everybody passes. */
  readonly limit: number
  readonly timeoutMs: number
}

/** How many connections of one database each person has: who has enough waits in a line of their own. */
export class Turnstile {
  readonly #lines = new Map<string, Line>()

  /** Resolves to the way out. Throws UserConnectionsExhausted, or the signal's reason. */
  async enter(entering: Entering, signal: AbortSignal): Promise<() => void> {
    const now = this.enterNow(entering)
    if (now) return now
    const line = this.#lineOf(entering.user)
    await wait(line, entering, signal)
    return this.#wayOut(entering.user, line)
  }

  /** Undefined: this person has enough. */
  enterNow({ user, limit }: Pick<Entering, 'user' | 'limit'>): (() => void) | undefined {
    if (limit === 0 || user === '') return nothing
    const line = this.#lineOf(user)
    if (line.inside >= limit || line.waiting.length > 0) return undefined
    line.inside += 1
    return this.#wayOut(user, line)
  }

  #lineOf(user: string): Line {
    const line = this.#lines.get(user) ?? { inside: 0, waiting: [] }
    this.#lines.set(user, line)
    return line
  }

  #wayOut(user: string, line: Line): () => void {
    let isInside = true
    return () => {
      if (!isInside) return
      isInside = false
      // Who goes hands the place on, so that nobody slips in between.
      const next = line.waiting.shift()
      if (next) next.enter()
      else line.inside -= 1
      if (line.inside === 0) this.#lines.delete(user)
    }
  }
}

const nothing = () => undefined

function wait(line: Line, entering: Entering, signal: AbortSignal): Promise<void> {
  const { user, database, limit, timeoutMs } = entering
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const waiter: Waiter = { enter: resolve }
  const leave = (error: unknown) => {
    const at = line.waiting.indexOf(waiter)
    if (at !== -1) line.waiting.splice(at, 1)
    reject(error)
  }
  const onAbort = () => leave(signal.reason)
  const timer = setTimeout(
    () => leave(new UserConnectionsExhausted(user, database, limit)),
    timeoutMs,
  )
  signal.addEventListener('abort', onAbort, { once: true })
  line.waiting.push(waiter)
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
  })
}
