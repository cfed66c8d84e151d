import { randomBytes } from 'node:crypto'
import { encodeBackend } from '@articdbm/wire/postgres'
import type { Exchange } from './exchange.ts'
import { Plan, SYNC } from './extended.ts'
import type { Holding } from './holding.ts'
import { errorResponse, isBug } from './refusal.ts'
import type { Relay } from './relay.ts'

/** A portal that no client can have: executing it fails, which is the point. */
const REFUSAL_PORTAL = `refused by articdbm ${randomBytes(8).toString('hex')}`

export interface RefuserParts {
  readonly exchange: Exchange
  readonly holding: Holding
  readonly relay: Relay
  /** Told of each refusal that is a bug. */
  readonly noteBug: (error: unknown) => void
}

/**
 * A refused statement fails like any other: inside a transaction the backend is made to fail too, so that it
 * refuses what follows until ROLLBACK (25P02), and ROLLBACK TO a savepoint works as ever.
 */
export class Refuser {
  readonly #parts: RefuserParts

  constructor(parts: RefuserParts) {
    this.#parts = parts
  }

  /** In answer to a Query. */
  async refuse(reason: unknown): Promise<void> {
    const { exchange, holding, relay } = this.#parts
    const response = this.#responseTo(reason)
    const { executor } = holding
    if (!executor) return await relay.say([response, this.#ready])
    const plan = new Plan(executor, exchange)
    plan.refuse(response, REFUSAL_PORTAL)
    plan.send(SYNC, { kind: 'sync' })
    await executor.send(plan.outgoing)
    await relay.finish(executor)
  }

  /** In a pipeline, behind what is in the plan already. */
  planRefusal(plan: Plan, reason: unknown): void {
    const { exchange, holding } = this.#parts
    const response = this.#responseTo(reason)
    if (holding.executor) {
      plan.refuse(response, REFUSAL_PORTAL)
      return
    }
    exchange.expect({ kind: 'say', bytes: response })
    exchange.isSkipping = true
  }

  #responseTo(reason: unknown): Buffer {
    if (isBug(reason)) this.#parts.noteBug(reason)
    return errorResponse(reason)
  }

  get #ready(): Buffer {
    return encodeBackend({ kind: 'readyForQuery', status: this.#parts.exchange.status })
  }
}
