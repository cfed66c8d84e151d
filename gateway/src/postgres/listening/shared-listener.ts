// One backend connection that listens for all sessions of a database, for as long as one of them does.
import type { PostgresConnection } from '../backend/connection.ts'
import { noticeResponse } from '../refusal.ts'
import { ListeningConnection } from './listening-connection.ts'

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 5_000
const WARNING = noticeResponse('WARNING', '01000', {
  message: 'the connection that listens was lost: notifications may have been missed',
})

export type DialListener = (signal: AbortSignal) => Promise<PostgresConnection>

/** A session. */
export interface Subscriber {
  notify(bytes: Buffer): void
}

export class SharedListener {
  readonly #dial: DialListener
  readonly #closing = new AbortController()
  readonly #channels = new Map<string, Set<Subscriber>>()
  #connection: ListeningConnection | undefined
  #opening: Promise<ListeningConnection> | undefined
  #isRecovering = false

  constructor(dial: DialListener) {
    this.#dial = dial
  }

  /** Resolves when the backend listens; rejects with its reason where it refuses, or can't be reached. */
  async listen(subscriber: Subscriber, channel: string): Promise<void> {
    // Noted first: as long as somebody wants it, nobody who leaves closes the connection.
    const subscribers = this.#channels.get(channel) ?? new Set()
    this.#channels.set(channel, subscribers.add(subscriber))
    try {
      const connection = await this.#connected()
      await connection.ask(`LISTEN ${quoted(channel)}`)
    } catch (error) {
      this.unlisten(subscriber, channel)
      throw error
    }
  }

  /** Undefined: to no channel any more. */
  unlisten(subscriber: Subscriber, channel: string | undefined): void {
    const left = channel === undefined ? [...this.#channels.keys()] : [channel]
    for (const name of left) this.#leave(subscriber, name)
    if (this.#channels.size === 0) this.#close()
  }

  /** To where the database is now; whoever listens is warned as after a loss. */
  move(): void {
    this.#connection?.close()
  }

  close(): void {
    this.#closing.abort()
    this.#channels.clear()
    this.#close()
  }

  #leave(subscriber: Subscriber, channel: string): void {
    const subscribers = this.#channels.get(channel)
    if (!subscribers?.delete(subscriber) || subscribers.size > 0) return
    this.#channels.delete(channel)
    this.#connection?.ask(`UNLISTEN ${quoted(channel)}`).catch(() => undefined)
  }

  #close(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  #connected(): Promise<ListeningConnection> {
    if (this.#connection?.isOpen) return Promise.resolve(this.#connection)
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #open(): Promise<ListeningConnection> {
    const { signal } = this.#closing
    const dialled = await this.#dial(signal)
    if (signal.aborted) dialled.close()
    signal.throwIfAborted()
    const connection = new ListeningConnection(dialled, (channel, bytes) => {
      for (const subscriber of this.#channels.get(channel) ?? []) subscriber.notify(bytes)
    })
    this.#connection = connection
    void connection.over.then(() => this.#recover(connection))
    return connection
  }

  /** Whoever still listens is told that there was a gap, and listens on. */
  async #recover(lost: ListeningConnection): Promise<void> {
    if (this.#connection !== lost || this.#isRecovering) return
    this.#isRecovering = true
    await this.#listenUntilHeard()
    this.#isRecovering = false
  }

  async #listenUntilHeard(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS
    while (this.#channels.size > 0 && !this.#closing.signal.aborted) {
      try {
        await this.#listenAgain()
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
        pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
      }
    }
  }

  async #listenAgain(): Promise<void> {
    const connection = await this.#connected()
    const texts = [...this.#channels.keys()].map((channel) => `LISTEN ${quoted(channel)}`)
    await connection.ask(texts.join(';'))
    const subscribers = new Set([...this.#channels.values()].flatMap((some) => [...some]))
    for (const subscriber of subscribers) subscriber.notify(WARNING)
  }
}

function quoted(channel: string): string {
  return `"${channel.replaceAll('"', '""')}"`
}
