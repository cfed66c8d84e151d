// The short way through a session: a plain request of a known shape is judged, recorded, and answered by a lane, without
// a promise. Whatever isn't plain goes the long way, which is session.ts.
import { BackendUnavailable } from '@articdbm/contract'
import {
  type AnswerSeen,
  encodeBackend,
  type LoneRequest,
  loneRequest,
  renameBound,
} from '@articdbm/wire/postgres'
import type { QuickAdmission, QuickTicket } from '../../admit/admission.ts'
import type { Pass } from '../../admit/passes.ts'
import type { Client } from '../client.ts'
import type { Names } from '../names.ts'
import { PreparedStatement } from '../prepared-names.ts'
import { errorResponse, failureOf, sqlStateOf } from '../refusal.ts'
import type { LaneSet } from './lane-set.ts'
import type { LaneRequest } from './request.ts'

export interface QuickSession {
  readonly client: Client
  readonly admission: QuickAdmission
  readonly names: Names
  /** Nothing is under way, no connection is held, and whoever reads waits. */
  readonly isReady: () => boolean
  /** Undefined: this session takes no lane now. */
  readonly lanes: () => LaneSet | undefined
  /** Told after each answer. */
  readonly answered: () => void
}

/** A request with all that is needed to send it. */
interface Plan {
  readonly text: string
  readonly bytes: Buffer
  readonly prepared: PreparedStatement | undefined
  /** What the session's unnamed statement is from now on. */
  readonly unnamed: PreparedStatement | undefined
}

export class QuickPath {
  readonly #session: QuickSession
  #underWay: { readonly request: LaneRequest; readonly lanes: LaneSet } | undefined

  constructor(session: QuickSession) {
    this.#session = session
    session.client.onChunk = (chunk) => this.take(chunk)
  }

  /** A request waits for its answer: what comes behind it waits, too. */
  get isBusy(): boolean {
    return this.#underWay !== undefined
  }

  /** False: it goes the long way. */
  take(chunk: Buffer): boolean {
    if (this.#underWay || !this.#session.isReady()) return false
    const lone = loneRequest(chunk)
    const plan = lone && this.#planFor(lone)
    if (!plan) return false
    const pass = this.#session.admission.shortRead(plan.text)
    if (!pass) return false
    const lanes = this.#session.lanes()
    if (!lanes?.hasRoom) return false
    this.#send(plan, pass, lanes)
    return true
  }

  /** Stops the request that is under way. */
  async cancel(): Promise<void> {
    if (this.#underWay) await this.#underWay.lanes.cancel(this.#underWay.request)
  }

  #planFor(lone: LoneRequest): Plan | undefined {
    if (lone.kind === 'query') {
      return { text: lone.text, bytes: lone.bytes, prepared: undefined, unnamed: undefined }
    }
    const { statements } = this.#session.names
    if (lone.parsed) {
      const { text, parameterTypes } = lone.parsed
      const unnamed = new PreparedStatement('', text, parameterTypes)
      return { text, bytes: lone.bytes, prepared: undefined, unnamed }
    }
    const prepared = statements.get(lone.statement)
    if (!prepared) return undefined
    const { text, name, key } = prepared
    const bytes = name === '' ? lone.bytes : Buffer.concat([renameBound(lone.bind, key), lone.rest])
    return { text, bytes, prepared, unnamed: statements.get('') }
  }

  #send(plan: Plan, pass: Pass, lanes: LaneSet): void {
    this.#keepUnnamed(plan)
    const request = new QuickRequest(plan, {
      client: this.#session.client,
      over: () => this.#over(),
      forgetUnnamed: () => this.#session.names.statements.delete(''),
    })
    this.#underWay = { request, lanes }
    request.ticket = this.#session.admission.record(pass, plan.text, (fault) => {
      if (fault) request.failed(fault, false)
      else lanes.send(request)
    })
  }

  #keepUnnamed({ unnamed }: Plan): void {
    const { statements } = this.#session.names
    if (unnamed) statements.set('', unnamed)
    else statements.delete('')
  }

  #over(): void {
    this.#underWay = undefined
    this.#session.answered()
    this.#session.client.offerQueued()
  }
}

interface Outcome {
  readonly client: Client
  readonly over: () => void
  /** Its Parse failed. */
  readonly forgetUnnamed: () => void
}

const READY = encodeBackend({ kind: 'readyForQuery', status: 'idle' })

class QuickRequest implements LaneRequest {
  readonly bytes: Buffer
  readonly prepared: PreparedStatement | undefined
  tries = 0
  ticket: QuickTicket | undefined
  readonly #outcome: Outcome
  readonly #parsesUnnamed: boolean
  #bytesGiven = 0

  constructor({ bytes, prepared, unnamed }: Plan, outcome: Outcome) {
    this.bytes = bytes
    this.prepared = prepared
    this.#parsesUnnamed = unnamed !== undefined && prepared === undefined
    this.#outcome = outcome
  }

  answer(bytes: Buffer): boolean {
    this.#bytesGiven += bytes.length
    return this.#outcome.client.writeNow(bytes)
  }

  drained(): Promise<void> {
    return this.#outcome.client.drained()
  }

  ended({ rows, sqlState }: AnswerSeen, serviceMs: number): void {
    const outcome = sqlState === '' ? 'ok' : failureOf(sqlState)
    if (sqlState !== '' && this.#parsesUnnamed) this.#outcome.forgetUnnamed()
    const ending = { outcome, rows, bytes: this.#bytesGiven, errorCode: sqlState } as const
    this.ticket?.end(ending, serviceMs)
    this.#outcome.over()
  }

  failed(fault: unknown, isTorn: boolean): void {
    const why = fault ?? new BackendUnavailable('the database', 'the connection was lost')
    const errorCode = sqlStateOf(why)
    const outcome = isTorn ? 'lost' : failureOf(errorCode)
    this.ticket?.end({ outcome, rows: 0, bytes: this.#bytesGiven, errorCode }, 0)
    if (isTorn) this.#outcome.client.destroy()
    else this.#outcome.client.writeNow(Buffer.concat([errorResponse(why), READY]))
    this.#outcome.over()
  }
}
