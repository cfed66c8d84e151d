import type { Analysis, Statement } from '@articdbm/sql'
import type { Judged } from '../admit/admission.ts'
import { isDiscardAll } from '../admit/prepared.ts'
import type { Exchange } from './exchange.ts'
import type { Holding } from './holding.ts'
import { changesDefinition } from './judging.ts'
import type { Subscription } from './listening/subscription.ts'
import { forgetsAll } from './mentions.ts'
import type { Bringing, Names } from './names.ts'
import type { Way } from './quick/way.ts'

export interface AftermathParts {
  readonly names: Names
  readonly exchange: Exchange
  readonly holding: Holding
  readonly subscription: Subscription
}

/** What statements leave behind in their session. */
export class Aftermath {
  readonly #parts: AftermathParts
  /** Others see it when it is committed. */
  #hasDefined = false

  constructor(parts: AftermathParts) {
    this.#parts = parts
  }

  /** Before it runs. In a transaction even a plain SET may be undone later, so only outside one it is replayed. */
  prepareFor({ analysis, statements }: Judged, lone: readonly Statement[]): void {
    const { holding, exchange } = this.#parts
    holding.noteRun(statements)
    holding.pinFor(analysis.statements, exchange.status === 'idle' ? lone : [])
  }

  /** The connection is about to have these by the session's own names. */
  keepFor(brought: readonly Bringing[]): void {
    const { names, holding } = this.#parts
    for (const { statement } of brought) {
      const read = names.get(statement.name)
      holding.keepFor(statement.name, read ?? { normalized: '', digest: '' })
    }
  }

  /** Undefined, too, where what is defined has to be followed. */
  quickWay(analysis: Analysis): Way | undefined {
    const { holding, exchange } = this.#parts
    const isDefining = this.#hasDefined && exchange.status !== 'idle'
    if (isDefining || analysis.statements.some(changesDefinition)) return undefined
    return holding.quickWay(analysis, exchange.status === 'idle')
  }

  /** A server plans anew for whoever prepares anew: so what is prepared from now on shares no plan with what was before. */
  #followDefinition(statement: Statement): void {
    const isCommit = statement.session.some(({ kind }) => kind === 'commit')
    if (!(changesDefinition(statement) || (isCommit && this.#hasDefined))) return
    this.#hasDefined = !isCommit
    const isTemporary = statement.session.some(({ kind }) => kind === 'pin')
    this.#parts.holding.executor?.prepared.followDefinition(isTemporary ? 'here' : 'everywhere')
  }

  /** What a completed statement changed for the session. */
  follow(statement: Statement | undefined, lone: readonly Statement[]): void {
    const { holding, subscription, exchange } = this.#parts
    if (!statement) return
    subscription.follow(statement)
    this.#followDefinition(statement)
    if (statement.session.length === 0) return
    if (exchange.status === 'idle') holding.noteSetting(lone)
    if (!isDiscardAll(statement)) return
    holding.forgetSettings()
    subscription.leave()
  }

  /** The same of a Query. In a pipeline names are noted before, as what comes behind looks them up before, too. */
  followQuery(statement: Statement | undefined, lone: readonly Statement[]): void {
    const { names, holding } = this.#parts
    if (!statement) return
    names.follow(statement)
    if (forgetsAll(statement)) holding.executor?.prepared.clear()
    this.follow(statement, lone)
  }
}
