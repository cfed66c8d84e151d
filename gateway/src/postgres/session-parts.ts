import type { Judged, StatementRequest } from '../admit/admission.ts'
import type { Gateway, SessionFacts } from '../gateway.ts'
import type { Client } from './client.ts'
import type { Checkout } from './holding.ts'
import type { PostgresLanes } from './lane/line.ts'
import type { Subscription } from './listening/subscription.ts'

/** What a session is made of. */
export interface SessionParts {
  readonly client: Client
  readonly gateway: Gateway
  readonly facts: SessionFacts
  readonly checkout: Checkout
  readonly subscription: Subscription
  readonly judge: (request: StatementRequest) => Judged
  readonly settings: ReadonlyMap<string, string>
  readonly lanes: PostgresLanes
  /** How often definitions have changed through this door. */
  readonly definitions: () => number
}
