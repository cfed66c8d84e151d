// The short way through a session: a plain request of a known shape is judged, recorded, and answered by a lane or by the
// session's own connection, without a promise. Whatever isn't plain goes the long way, which is session.ts.
import {
  type LoneRequest,
  loneRequest,
  renameBound,
  type TransactionStatus,
} from '@articdbm/wire/postgres'
import type { QuickAdmission } from '../../admit/admission.ts'
import type { Pass } from '../../admit/passes.ts'
import type { Client } from '../client.ts'
import type { Names } from '../names.ts'
import { PreparedStatement } from '../prepared-statement.ts'
import { ClientRequest, type Plan } from './client-request.ts'
import type { Way } from './way.ts'

export interface QuickSession {
  readonly client: Client
  readonly admission: QuickAdmission
  readonly names: Names
  /** Nothing is under way, and whoever reads waits. */
  readonly isReady: () => boolean
  /** Undefined: it would have to wait for something. */
  readonly wayFor: (pass: Pass) => Way | undefined
  /** Told after each answer. */
  readonly answered: (status: TransactionStatus) => void
}

export class QuickPath {
  readonly #session: QuickSession
  #underWay: { readonly request: ClientRequest; readonly way: Way } | undefined

  constructor(session: QuickSession) {
    this.#session = session
    session.client.onChunk = (chunk) => this.#take(chunk)
  }

  /** A request waits for its answer: what comes behind it waits, too. */
  get isBusy(): boolean {
    return this.#underWay !== undefined
  }

  /** Stops the request that is under way. */
  async cancel(): Promise<void> {
    if (this.#underWay) await this.#underWay.way.cancel(this.#underWay.request)
  }

  /** What is under way gets no answer any more. */
  abandon(outcome: 'lost' | 'cancelled', errorCode: string): void {
    this.#underWay?.request.abandon(outcome, errorCode)
    this.#underWay = undefined
  }

  /** False: it goes the long way. */
  #take(lent: Buffer): boolean {
    if (this.#underWay || !this.#session.isReady()) return false
    const chunk = Buffer.from(lent)
    const lone = loneRequest(chunk)
    const plan = lone && this.#planFor(lone)
    const pass = plan && this.#session.admission.passFor(plan.text)
    const way = pass && this.#session.wayFor(pass)
    if (!way) return false
    this.#note(lone, plan)
    this.#send(plan, pass, way, chunk)
    return true
  }

  #planFor(lone: LoneRequest): Plan | undefined {
    if (lone.kind === 'query') {
      return { text: lone.text, bytes: lone.bytes, prepared: undefined, parsesUnnamed: false }
    }
    if (lone.parsed) {
      const { text } = lone.parsed
      return { text, bytes: lone.bytes, prepared: undefined, parsesUnnamed: true }
    }
    const prepared = this.#session.names.statements.get(lone.statement)
    // What SQL's PREPARE made has no name that is shared.
    if (!prepared || prepared.origin === 'sql') return undefined
    const { text, name, key } = prepared
    const bytes = name === '' ? lone.bytes : Buffer.concat([renameBound(lone.bind, key), lone.rest])
    return { text, bytes, prepared, parsesUnnamed: false }
  }

  /** What its unnamed statement and portal are from now on. */
  #note(lone: LoneRequest, { prepared }: Plan): void {
    const { names } = this.#session
    if (lone.kind === 'query') {
      names.forgetUnnamed()
      return
    }
    const { parsed } = lone
    const { definitions } = names
    const unnamed =
      parsed && new PreparedStatement('', parsed.text, parsed.parameterTypes, { definitions })
    if (unnamed) names.statements.set('', unnamed)
    const bound = unnamed ?? prepared
    if (bound) names.portals.set('', bound)
  }

  #send(plan: Plan, pass: Pass, way: Way, chunk: Buffer): void {
    const { client, names, admission } = this.#session
    const request = new ClientRequest(plan, {
      client,
      over: (status) => this.#over(status),
      forgetUnnamed: () => names.statements.delete(''),
    })
    this.#underWay = { request, way }
    request.ticket = admission.record(pass, plan.text, (fault) => {
      if (this.#underWay?.request !== request) return
      if (!fault) way.send(request)
      else this.#giveUp(chunk)
    })
  }

  /** It can't be recorded: the long way tries, and refuses in the way that the transaction asks for. */
  #giveUp(chunk: Buffer): void {
    this.#underWay = undefined
    this.#session.client.putBack(chunk)
  }

  #over(status: TransactionStatus): void {
    this.#underWay = undefined
    this.#session.answered(status)
    this.#session.client.offerQueued()
  }
}
