import type { Statement } from '@articdbm/sql'
import type { TransactionStatus } from '@articdbm/wire/postgres'
import type { SessionRoute } from '../route/session-route.ts'
import type { Executor } from './executor.ts'
import type { Subscription } from './listening/subscription.ts'
import { misnamed, noStatement } from './mentions.ts'
import type { Names } from './names.ts'
import { answerPosition } from './position.ts'

/** What a statement came to that no backend had to see. */
export interface Done {
  readonly tag: string
  readonly failure: unknown
  /** Their description and themselves, where there are some. */
  readonly rows?: readonly Buffer[]
}

export interface HereFacts {
  readonly names: Names
  readonly route: SessionRoute
  readonly maxPrepared: number
  readonly subscription: Subscription
  readonly executor: Executor | undefined
  readonly status: TransactionStatus
}

/** Answers what needs no connection of the session's own. Undefined: the backend has to see to it. */
export async function answerHere(
  statements: readonly Statement[],
  facts: HereFacts,
): Promise<Done | undefined> {
  const done = facts.status === 'failed' ? undefined : await doneHere(statements, facts)
  if (done) return done
  const failure = misnamed(statements, facts)
  if (failure) return { tag: '', failure }
  const { subscription, executor } = facts
  const wish = executor ? undefined : subscription.wishOf(statements)
  return wish && (await subscription.grant(wish))
}

/** What the gateway alone knows of. */
async function doneHere(
  statements: readonly Statement[],
  { names, route }: HereFacts,
): Promise<Done | undefined> {
  return deallocateHere(statements, names) ?? answerPosition(statements, route)
}

/** DEALLOCATE of a statement that was prepared by protocol: its name exists only here. Undefined: it is none. */
function deallocateHere([statement, more]: readonly Statement[], names: Names): Done | undefined {
  const [effect] = statement?.session ?? []
  if (more || effect?.kind !== 'deallocate') return undefined
  const outcome = names.deallocate(effect.name)
  if (outcome === 'elsewhere') return undefined
  const tag = effect.name === undefined ? 'DEALLOCATE ALL' : 'DEALLOCATE'
  if (outcome === 'here') return { tag, failure: undefined }
  return { tag, failure: noStatement(effect.name ?? '') }
}
