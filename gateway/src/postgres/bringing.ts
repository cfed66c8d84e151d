import type { Statement } from '@articdbm/sql'
import { encodeBackend } from '@articdbm/wire/postgres'
import type { Ticket } from '../admit/admission.ts'
import type { Aftermath } from './aftermath.ts'
import type { Exchange } from './exchange.ts'
import type { Executor } from './executor.ts'
import { Plan, SYNC } from './extended.ts'
import { mentionsOf } from './mentions.ts'
import type { Bringing, Names } from './names.ts'
import { endAll } from './recording.ts'
import { sqlStateOf } from './refusal.ts'
import type { Relay } from './relay.ts'

export interface BringerParts {
  readonly names: Names
  readonly exchange: Exchange
  readonly aftermath: Aftermath
  readonly relay: Relay
}

/** Gives a backend prepared statements by their clients' names, as the SQL of a Query names them. */
export class Bringer {
  readonly #parts: BringerParts

  constructor(parts: BringerParts) {
    this.#parts = parts
  }

  /** All that these statements name. False: one failed; then the client was told so, and the tickets have ended. */
  async bringFor(
    statements: readonly Statement[],
    executor: Executor,
    tickets: readonly Ticket[],
  ): Promise<boolean> {
    const { names, aftermath, exchange } = this.#parts
    const brought = exchange.status === 'failed' ? [] : names.bring(mentionsOf(statements))
    if (brought.length === 0) return true
    aftermath.keepFor(brought)
    const failure = await this.#send(brought, executor, tickets)
    if (failure === undefined) return true
    endAll(tickets, failure)
    const ready = encodeBackend({ kind: 'readyForQuery', status: exchange.status })
    await this.#parts.relay.say([ready])
    return false
  }

  /** The SQLSTATE of the first that failed. */
  async #send(
    brought: readonly Bringing[],
    executor: Executor,
    tickets: readonly Ticket[],
  ): Promise<string | undefined> {
    const { exchange, relay } = this.#parts
    const plan = new Plan(executor, exchange)
    let failure: string | undefined
    for (const { statement, undo } of brought) {
      const failed = (errorCode: string) => {
        failure = errorCode
        undo(errorCode)
      }
      plan.bring({ statement, undo: failed })
    }
    plan.send(SYNC, { kind: 'sync', isSilent: true })
    try {
      await Promise.all([executor.send(plan.outgoing), relay.finish(executor)])
    } catch (error) {
      endAll(tickets, sqlStateOf(error))
      throw error
    }
    return failure
  }
}
