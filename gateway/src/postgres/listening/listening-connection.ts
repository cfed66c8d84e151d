import { BackendUnavailable } from '@articdbm/contract'
import { decodeBackend, encodeFrontend } from '@articdbm/wire/postgres'
import { BackendRefusal, type PostgresConnection } from '../backend/connection.ts'

interface Asked {
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
  failure: Error | undefined
}

const LOST = new BackendUnavailable('the listener', 'the connection was lost')

/** The bytes are the frame, for good. */
export type OnNotification = (channel: string, bytes: Buffer) => void

/** A connection of its own that is told notifications between the answers to what it is asked. */
export class ListeningConnection {
  readonly #connection: PostgresConnection
  readonly #onNotification: OnNotification
  #asked: Asked[] = []
  #isOver = false
  /** Resolves when the connection was lost or closed. */
  readonly over: Promise<void>

  constructor(connection: PostgresConnection, onNotification: OnNotification) {
    this.#connection = connection
    this.#onNotification = onNotification
    this.over = this.#follow()
  }

  get isOpen(): boolean {
    return !this.#isOver && this.#connection.isOpen
  }

  /** Rejects with the backend's own words where it refuses. */
  ask(text: string): Promise<void> {
    if (!this.isOpen) return Promise.reject(LOST)
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject, failure: undefined })
      this.#connection.send(encodeFrontend({ kind: 'query', text })).catch(reject)
    })
  }

  close(): void {
    this.#isOver = true
    this.#connection.close()
  }

  async #follow(): Promise<void> {
    const connection = this.#connection
    try {
      for (;;) {
        const pieces = await connection.receive()
        if (!pieces) break
        for (const piece of pieces) this.#accept(piece.bytes)
      }
    } catch {
      connection.close()
    }
    this.#isOver = true
    for (const { reject } of this.#asked.splice(0)) reject(LOST)
  }

  #accept(bytes: Buffer): void {
    const message = decodeBackend(bytes)
    const [head] = this.#asked
    if (message?.kind === 'notificationResponse')
      this.#onNotification(message.channel, Buffer.from(bytes))
    else if (message?.kind === 'readyForQuery') this.#settle()
    else if (message?.kind === 'errorResponse' && head) {
      head.failure = new BackendRefusal(message.fields)
    }
  }

  #settle(): void {
    const head = this.#asked.shift()
    if (head?.failure) head.reject(head.failure)
    else head?.resolve()
  }
}
