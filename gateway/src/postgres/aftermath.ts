import type { Statement } from '@articdbm/sql'
import { followPrepared } from '../admit/prepared.ts'
import type { Exchange } from './exchange.ts'
import type { Holding } from './holding.ts'
import type { Subscription } from './listening/subscription.ts'
import type { Names } from './names.ts'

export interface AftermathParts {
  readonly names: Names
  readonly exchange: Exchange
  readonly holding: Holding
  readonly subscription: Subscription
}

/** What statements leave behind in their session. */
export class Aftermath {
  readonly #parts: AftermathParts

  constructor(parts: AftermathParts) {
    this.#parts = parts
  }

  /** In a transaction even a plain SET may be undone later, so only outside one it is replayed. */
  pinFor(statements: readonly Statement[], lone: readonly Statement[]): void {
    const { holding, exchange } = this.#parts
    holding.pinFor(statements, exchange.status === 'idle' ? lone : [])
  }

  /** What a completed statement changed for the session. */
  follow(statement: Statement | undefined, lone: readonly Statement[]): void {
    const { names, holding, subscription, exchange } = this.#parts
    if (statement) subscription.follow(statement)
    if (!statement || statement.session.length === 0) return
    names.prepared = followPrepared(names.prepared, statement)
    if (exchange.status === 'idle') holding.noteSetting(lone)
    if (/^discard\s+all\b/i.test(statement.normalized)) {
      holding.forgetSettings()
      subscription.leave()
      names.statements.clear()
    }
    for (const effect of statement.session) {
      if (effect.kind === 'deallocate') this.#followDeallocate(effect.name)
    }
  }

  /** Whatever name it was, the connection has it no more: other sessions may count on it. */
  #followDeallocate(name: string | undefined): void {
    const { names, holding } = this.#parts
    const prepared = holding.executor?.prepared
    if (name !== undefined) {
      prepared?.delete(name)
      return
    }
    prepared?.clear()
    names.statements.clear()
  }
}
