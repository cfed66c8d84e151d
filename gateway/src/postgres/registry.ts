import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

export interface CancelKey {
  readonly processId: number
  readonly secret: Buffer
}

interface Cancellable {
  cancel(): Promise<void>
}

/** Requests under way at once: a storm of cancels must not become a storm on the backends. */
const MAX_CANCELLING = 20

/** Which session a cancel key belongs to. */
export class CancelKeys {
  readonly #sessions = new Map<number, { secret: Buffer; session: Cancellable }>()
  #cancelling = 0

  issue(session: Cancellable, secretBytes: number): CancelKey {
    let processId = randomInt(1, 2 ** 31)
    while (this.#sessions.has(processId)) processId = randomInt(1, 2 ** 31)
    const secret = randomBytes(secretBytes)
    this.#sessions.set(processId, { secret, session })
    return { processId, secret }
  }

  revoke(processId: number): void {
    this.#sessions.delete(processId)
  }

  /** A wrong key is met with silence, as the protocol wants it. */
  async cancel({ processId, secret }: CancelKey): Promise<void> {
    const known = this.#sessions.get(processId)
    if (!known || known.secret.length !== secret.length) return
    if (!timingSafeEqual(known.secret, secret) || this.#cancelling >= MAX_CANCELLING) return
    this.#cancelling += 1
    try {
      await known.session.cancel()
    } finally {
      this.#cancelling -= 1
    }
  }
}
