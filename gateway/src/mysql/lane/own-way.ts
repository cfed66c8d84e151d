// The quick way to a session's own connection: in transactions, writing, and with long answers.
import { type Err, encodeErr, encodePacket } from '@articdbm/wire/mysql'
import type { QuickAdmission, QuickTicket } from '../../admit/admission.ts'
import type { Pass } from '../../admit/passes.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import { ClientGone } from '../endings.ts'
import { BackendLost } from '../faults.ts'
import { errOf } from '../reply.ts'
import type { SessionSide } from '../session/executor.ts'
import { outcomeOf } from './outcome.ts'
import { type OwnAnswer, OwnCommand, type Standing } from './own-command.ts'
import type { Plan } from './quick-path.ts'

/** What is sent, and where. */
export interface Ready {
  readonly connection: MysqlBackend
  readonly bytes: Buffer
}

export interface OwnSession {
  readonly session: SessionSide
  readonly admission: QuickAdmission
  /** The connection is taken then; undefined: it goes the long way. */
  readonly readyFor: (plan: Plan, pass: Pass) => Ready | undefined
  /** Told of each whole answer; resolves, or returns, when the connection is kept or given back. */
  readonly answered: (answer: OwnAnswer) => Promise<void> | undefined
  /** Nothing was sent, or the connection is lost. */
  readonly giveBack: () => Promise<void>
  /** The client was told no. */
  readonly refused: (err: Err) => void
}

/** The ticket comes when the record was given to the audit, which may have answered by then. */
interface Record {
  ticket: QuickTicket | undefined
}

export class OwnWay {
  readonly #session: OwnSession
  #isBusy = false

  constructor(session: OwnSession) {
    this.#session = session
  }

  /** A command is under way, or its connection not given back yet. */
  get isBusy(): boolean {
    return this.#isBusy
  }

  /** False: it goes the long way, and nothing was recorded or sent. */
  take(plan: Plan, pass: Pass): boolean {
    const ready = this.#isBusy ? undefined : this.#session.readyFor(plan, pass)
    if (!ready) return false
    this.#isBusy = true
    const { admission, session } = this.#session
    const record: Record = { ticket: undefined }
    record.ticket = admission.record(pass, plan.text, (fault) => {
      if (fault) this.#refuse(fault, record)
      else if (session.channel.isOpen) this.#send(ready, record)
      else this.#leave(record)
    })
    return true
  }

  #send({ connection, bytes }: Ready, record: Record): void {
    const wasKept = connection.isTainted || connection.isInTransaction
    const { channel } = this.#session.session
    const command = new OwnCommand(connection, channel, {
      answered: (answer) => this.#end(answer, record),
      lost: (seen, standing) => this.#lose(seen, { record, wasKept, standing }),
    })
    command.send(bytes)
  }

  #end(answer: OwnAnswer, record: Record): void {
    const { results, error, bytes, serviceMs } = answer
    const rows = results.reduce((sum, one) => sum + one.rows + Number(one.affectedRows), 0)
    const outcome = outcomeOf(error?.errno ?? 0)
    record.ticket?.end(
      { outcome, rows, bytes, errorCode: error ? `${error.errno}` : '' },
      serviceMs,
    )
    this.#overAfter(this.#session.answered(answer))
  }

  /** It can't be recorded, so it isn't executed. */
  #refuse(fault: unknown, record: Record): void {
    const err = errOf(fault)
    record.ticket?.end({ outcome: 'error', rows: 0, bytes: 0, errorCode: `${err.errno}` }, 0)
    this.#session.session.channel.write(encodePacket(encodeErr(err), 1))
    this.#session.refused(err)
    this.#overAfter(this.#session.giveBack())
  }

  /** The client went while it was recorded. */
  #leave(record: Record): void {
    record.ticket?.end({ outcome: 'cancelled', rows: 0, bytes: 0, errorCode: '1317' }, 0)
    this.#overAfter(this.#session.giveBack())
  }

  /** With the connection its transaction is gone, and the session ends: it must not go on as if it weren't. */
  #lose(
    { bytes, serviceMs }: OwnAnswer,
    { record, wasKept, standing }: { record: Record; wasKept: boolean; standing: Standing },
  ): void {
    const { channel } = this.#session.session
    record.ticket?.end({ outcome: 'lost', rows: 0, bytes, errorCode: '2013' }, serviceMs)
    const why = 'the backend closed the connection'
    const err = errOf(new BackendLost(why, wasKept ? 'ends the session' : 'goes on'))
    if (!standing.isAtBoundary) channel.close()
    else if (channel.isOpen) channel.write(encodePacket(encodeErr(err), standing.nextSequence))
    this.#session.refused(err)
    if (wasKept) channel.interrupt(new ClientGone('its transaction is lost'))
    this.#overAfter(this.#session.giveBack())
  }

  #overAfter(work: Promise<void> | undefined): void {
    if (work === undefined) {
      this.#over()
      return
    }
    const over = () => this.#over()
    void work.then(over, over)
  }

  #over(): void {
    this.#isBusy = false
    this.#session.session.answered()
  }
}
