import { AnswerCutter } from '@articdbm/wire/postgres'
import type { PostgresConnection } from '../backend/connection.ts'
import { noteFailure } from './note-failure.ts'
import { prefixFor } from './prefix.ts'
import type { QuickRequest } from './request.ts'
import type { Way } from './way.ts'

/** A connection that one session has on lease: its quick requests go there one at a time, whatever its transaction. */
export class OwnConnection implements Way {
  readonly #connection: PostgresConnection
  readonly #cancel: () => Promise<void>
  readonly #cutter: AnswerCutter
  #request: QuickRequest | undefined
  /** Its client has a part of the answer. */
  #isPassing = false
  #sinceMs = 0

  constructor(connection: PostgresConnection, cancel: () => Promise<void>) {
    this.#connection = connection
    this.#cancel = cancel
    this.#cutter = new AnswerCutter(
      {
        take: (bytes, isEnd, behind) => this.#take(bytes, isEnd, behind),
        told: (frame) => connection.noteParameter(frame),
      },
      'own',
    )
  }

  /** Answers come to the request itself. Only on a connection at rest. */
  send(request: QuickRequest): void {
    const { frames, hidden } = prefixFor(request.prepared, this.#connection.prepared)
    this.#connection.prepared.unnamed = undefined
    this.#request = request
    this.#isPassing = false
    this.#sinceMs = performance.now()
    this.#cutter.begin(true, hidden)
    this.#connection.readBy((chunk) => this.#read(chunk))
    const bytes = hidden === 0 ? request.bytes : Buffer.concat([...frames, request.bytes])
    this.#connection.writeNow(bytes)
  }

  async cancel(request: QuickRequest): Promise<void> {
    if (this.#request === request) await this.#cancel()
  }

  /** Its client has got a part of an answer, and not all of it. */
  get isTorn(): boolean {
    return this.#request !== undefined && this.#isPassing
  }

  /** The session goes on without this connection. */
  abandon(): void {
    this.#request = undefined
    this.#connection.readByAsking()
  }

  #read(chunk: Buffer): void {
    try {
      this.#cutter.cut(chunk)
    } catch {
      // What can't be understood can't be believed: whoever waits sees that the connection is gone.
      this.#connection.readByAsking()
      this.#connection.close()
    }
  }

  #take(bytes: Buffer, isEnd: boolean, behind: Buffer): void {
    const request = this.#request
    if (!request) return
    const finish = () => {
      if (isEnd && this.#request === request) this.#finish(request, behind)
    }
    this.#isPassing = true
    if (request.answer(bytes)) finish()
    else this.#waitFor(request, finish)
  }

  /** A client without room makes the backend wait; what was read stays as it is until then. */
  #waitFor(request: QuickRequest, then: () => void): void {
    this.#connection.pause()
    void request.drained().then(() => {
      then()
      this.#connection.resume()
    })
  }

  #finish(request: QuickRequest, behind: Buffer): void {
    const { seen, hidden } = this.#cutter
    const serviceMs = performance.now() - this.#sinceMs
    if (seen.sqlState !== '') noteFailure(request, this.#connection.prepared, { seen, hidden })
    this.#request = undefined
    this.#connection.readByAsking(behind)
    request.ended(seen, serviceMs)
  }
}
