import { BackendUnavailable } from '@articdbm/contract'
import { type AnswerSeen, encodeBackend, type TransactionStatus } from '@articdbm/wire/postgres'
import type { Ending, QuickTicket } from '../../admit/admission.ts'
import type { Client } from '../client.ts'
import type { PreparedStatement } from '../prepared-statement.ts'
import { errorResponse, failureOf, sqlStateOf } from '../refusal.ts'
import type { QuickRequest } from './request.ts'

/** A request with all that is needed to send it. */
export interface Plan {
  readonly text: string
  readonly bytes: Buffer
  readonly prepared: PreparedStatement | undefined
  /** It begins with a Parse of the unnamed statement. */
  readonly parsesUnnamed: boolean
}

export interface Outcome {
  readonly client: Client
  /** Answered, with the transaction's status then. */
  readonly over: (status: TransactionStatus) => void
  /** Its Parse failed. */
  readonly forgetUnnamed: () => void
}

const READY = encodeBackend({ kind: 'readyForQuery', status: 'idle' })

/** A client's request, whose answer goes straight to that client. */
export class ClientRequest implements QuickRequest {
  readonly bytes: Buffer
  readonly prepared: PreparedStatement | undefined
  tries = 0
  ticket: QuickTicket | undefined
  readonly #outcome: Outcome
  readonly #parsesUnnamed: boolean
  #bytesGiven = 0

  constructor({ bytes, prepared, parsesUnnamed }: Plan, outcome: Outcome) {
    this.bytes = bytes
    this.prepared = prepared
    this.#parsesUnnamed = parsesUnnamed
    this.#outcome = outcome
  }

  answer(bytes: Buffer): boolean {
    this.#bytesGiven += bytes.length
    return this.#outcome.client.lendNow(bytes)
  }

  drained(): Promise<void> {
    return this.#outcome.client.drained()
  }

  ended({ rows, sqlState, status }: AnswerSeen, serviceMs: number): void {
    const outcome = sqlState === '' ? 'ok' : failureOf(sqlState)
    if (sqlState !== '' && this.#parsesUnnamed) this.#outcome.forgetUnnamed()
    this.#end({ outcome, rows, errorCode: sqlState }, serviceMs)
    this.#outcome.over(status)
  }

  failed(fault: unknown, isTorn: boolean): void {
    const why = fault ?? new BackendUnavailable('the database', 'the connection was lost')
    const errorCode = sqlStateOf(why)
    this.#end({ outcome: isTorn ? 'lost' : failureOf(errorCode), rows: 0, errorCode }, 0)
    if (isTorn) this.#outcome.client.destroy()
    else this.#outcome.client.writeNow(Buffer.concat([errorResponse(why), READY]))
    this.#outcome.over('idle')
  }

  /** Its session says the rest. */
  abandon(outcome: Ending['outcome'], errorCode: string): void {
    this.#end({ outcome, rows: 0, errorCode }, 0)
  }

  #end(ending: Omit<Ending, 'bytes'>, serviceMs: number): void {
    this.ticket?.end({ ...ending, bytes: this.#bytesGiven }, serviceMs)
    this.ticket = undefined
  }
}
