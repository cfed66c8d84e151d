// The short way through a session: a plain command of a known shape is judged, recorded, and answered by a lane or by the
// session's own connection, without a promise. Whatever isn't plain goes the long way, which is session/session.ts.
import type { Analysis } from '@articdbm/sql'
import {
  type AnswerSeen,
  type Err,
  encodeErr,
  encodePacket,
  loneCommand,
} from '@articdbm/wire/mysql'
import type { QuickAdmission, QuickTicket } from '../../admit/admission.ts'
import type { Pass } from '../../admit/passes.ts'
import { classify } from '../../route/classify.ts'
import type { PacketChannel, ShortCut } from '../channel.ts'
import { BackendLost } from '../faults.ts'
import { errOf } from '../reply.ts'
import type { PreparedStatement } from '../server/prepared-statement.ts'
import type { SessionSide } from '../session/executor.ts'
import { bindLone } from './bind-lone.ts'
import type { MysqlLaneSet } from './line.ts'
import { outcomeOf } from './outcome.ts'
import type { OwnWay } from './own-way.ts'
import type { MysqlRequest, PreparedText } from './request.ts'

export interface QuickSession {
  readonly session: SessionSide
  readonly admission: QuickAdmission
  readonly statement: (id: number) => PreparedStatement | undefined
  /** By what the backend reads a text that it prepares. */
  readonly reading: () => string
  /** No connection is held. */
  readonly isReady: () => boolean
  /** The session's own connection. */
  readonly own: OwnWay
  /** Undefined: this session takes no lane for that. */
  readonly lanes: (analysis: Analysis) => MysqlLaneSet | undefined
  /** Told of each answer of a backend. */
  readonly answered: (plan: Plan, seen: AnswerSeen) => void
  /** Told where there was none. */
  readonly refused: (err: Err) => void
}

/** A command with all that is needed to send it. */
export interface Plan {
  readonly text: string
  readonly bytes: Buffer
  readonly prepared: PreparedText | undefined
}

export class QuickPath implements ShortCut {
  readonly #session: QuickSession
  #underWay: { readonly request: MysqlRequest; readonly lanes: MysqlLaneSet } | undefined

  constructor(session: QuickSession) {
    this.#session = session
  }

  get isBusy(): boolean {
    return this.#underWay !== undefined || this.#session.own.isBusy
  }

  take(chunk: Buffer): boolean {
    const { session, admission, own } = this.#session
    if (session.gateway.draining.aborted) return false
    const plan = this.#planFor(chunk)
    const pass = plan && admission.passFor(plan.text)
    if (!pass) return false
    const lanes = this.#lanesFor(pass)
    if (lanes) this.#send(plan, pass, lanes)
    return lanes !== undefined || own.take(plan, pass)
  }

  /** Stops the command that is under way on a lane. */
  async cancel(): Promise<void> {
    if (this.#underWay) await this.#underWay.lanes.cancel(this.#underWay.request)
  }

  /** Lanes with room, if they may take it. */
  #lanesFor(pass: Pass): MysqlLaneSet | undefined {
    if (!this.#session.isReady() || !this.#session.admission.isShortRead(pass)) return undefined
    if (classify(pass.analysis).class !== 'read') return undefined
    const lanes = this.#session.lanes(pass.analysis)
    return lanes?.makeRoom() ? lanes : undefined
  }

  #planFor(chunk: Buffer): Plan | undefined {
    const lone = loneCommand(chunk, this.#session.session)
    if (lone?.kind !== 'execute') return lone && { ...lone, prepared: undefined }
    const statement = this.#session.statement(lone.statementId)
    const bytes = statement && bindLone(statement, lone, this.#session.session)
    if (!bytes) return undefined
    const { text } = statement
    return { text, bytes, prepared: { key: statement.keyIn(this.#session.reading()), text } }
  }

  #send(plan: Plan, pass: Pass, lanes: MysqlLaneSet): void {
    const request = new QuickRequest(plan, {
      channel: this.#session.session.channel,
      answered: (seen) => this.#over(() => this.#session.answered(plan, seen)),
      refused: (err) => this.#over(() => this.#session.refused(err)),
    })
    this.#underWay = { request, lanes }
    request.ticket = this.#session.admission.record(pass, plan.text, (fault) => {
      if (fault) request.failed(fault, false)
      else lanes.send(request)
    })
  }

  #over(note: () => void): void {
    this.#underWay = undefined
    note()
    this.#session.session.answered()
  }
}

interface Outcome {
  readonly channel: PacketChannel
  readonly answered: (seen: AnswerSeen) => void
  readonly refused: (err: Err) => void
}

class QuickRequest implements MysqlRequest {
  readonly bytes: Buffer
  readonly prepared: PreparedText | undefined
  tries = 0
  ticket: QuickTicket | undefined
  readonly #outcome: Outcome
  #bytesGiven = 0

  constructor({ bytes, prepared }: Plan, outcome: Outcome) {
    this.bytes = bytes
    this.prepared = prepared
    this.#outcome = outcome
  }

  answer(bytes: Buffer): boolean {
    const { channel } = this.#outcome
    this.#bytesGiven += bytes.length
    return !channel.isOpen || channel.write(bytes)
  }

  drained(): Promise<void> {
    return this.#outcome.channel.drained().catch(() => undefined)
  }

  ended(seen: AnswerSeen, serviceMs: number): void {
    const { rows, errno } = seen
    const errorCode = errno === 0 ? '' : `${errno}`
    this.ticket?.end(
      { outcome: outcomeOf(errno), rows, bytes: this.#bytesGiven, errorCode },
      serviceMs,
    )
    this.#outcome.answered(seen)
  }

  failed(fault: unknown, isTorn: boolean): void {
    const { channel } = this.#outcome
    const err = errOf(fault ?? new BackendLost('the connection was lost', 'goes on'))
    const outcome = isTorn ? 'lost' : outcomeOf(err.errno)
    const errorCode = `${err.errno}`
    this.ticket?.end({ outcome, rows: 0, bytes: this.#bytesGiven, errorCode }, 0)
    if (isTorn) channel.close()
    else channel.write(encodePacket(encodeErr(err), 1))
    this.#outcome.refused(err)
  }
}
