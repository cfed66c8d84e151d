import type { Socket } from 'node:net'
import { type QuickWriter, quickWriter, readQuickly } from '../listen/quick-socket.ts'

/** Read ahead of what is asked for, so that the end of a peer is noticed; beyond it the peer waits. */
const READ_AHEAD_BYTES = 65_536
/** A chunk of this length is given on where it was read; a shorter one is copied, and the peer goes on. */
const MIN_LENT_BYTES = 16_384

const ENDINGS = ['end', 'close', 'error'] as const

/** Something that can be waited for; whoever waits last is told. */
export interface Waker {
  onActivity: () => void
}

/** Resolves at the next activity of any of these. Look before you wait. */
export function activity(...sources: readonly Waker[]): Promise<void> {
  return new Promise((resolve) => {
    for (const source of sources) source.onActivity = resolve
  })
}

/** A socket's bytes, taken when wanted and written no faster than the peer reads. */
export class Channel implements Waker {
  readonly #socket: Socket
  readonly #stallTimeoutMs: number
  #writer: QuickWriter | undefined
  #chunks: Buffer[] = []
  #queuedBytes = 0
  #hasEnded = false
  /** A chunk is queued, or was taken, that lies where the next one would be read to. */
  #isLending = false
  #onActivity: () => void = () => undefined
  /**
   * Sees a chunk before it is queued, while nothing is; true: it has taken it. The bytes are lent: until it returns,
   * or, where the channel reads into a buffer of its own and is paused by then, until it is resumed.
   */
  onChunk: ((chunk: Buffer) => boolean) | undefined

  constructor(socket: Socket, stallTimeoutMs: number) {
    this.#socket = socket
    this.#stallTimeoutMs = stallTimeoutMs
    // Stays when the socket is given away: an error must never be without a listener.
    socket.on('error', () => undefined)
    socket.on('data', this.#queue)
    for (const event of ENDINGS) socket.on(event, this.#finish)
    if (socket.destroyed || socket.readableEnded) this.#finish()
    socket.resume()
  }

  /** Whoever waits for more has done with the chunk that was taken last. */
  set onActivity(listener: () => void) {
    this.#onActivity = listener
    if (this.#isLending && this.#chunks.length === 0) this.#takeLentBack()
  }

  /**
   * Reads and writes past the stream where that can be done: only once the socket stays with this channel. What is
   * read into a buffer of the channel's own is lent where it is long: see `take`.
   */
  quicken(buffer?: Buffer): void {
    if (this.#chunks.length > 0 || this.#socket.isPaused() || this.#socket.writableLength > 0)
      return
    const take = (chunk: Buffer) => {
      if (this.#isTaken(chunk)) return
      if (buffer && chunk.length >= MIN_LENT_BYTES) this.#lend(chunk)
      else this.#keep(Buffer.from(chunk))
    }
    if (readQuickly(this.#socket, take, buffer)) this.#writer = quickWriter(this.#socket)
  }

  /** The peer sends no more; what it sent before may still be taken. */
  get hasEnded(): boolean {
    return this.#hasEnded
  }

  get hasBytes(): boolean {
    return this.#chunks.length > 0
  }

  /** The next chunk, valid until one takes again, or waits for activity. */
  take(): Buffer | undefined {
    const chunk = this.#chunks.shift()
    if (chunk) this.#queuedBytes -= chunk.length
    else if (this.#isLending) this.#takeLentBack()
    const mayRead = this.#queuedBytes < READ_AHEAD_BYTES && !this.#isLending
    if (mayRead && this.#socket.isPaused()) this.#socket.resume()
    return chunk
  }

  /** Shows what was queued to `onChunk` once more; whoever waits is told where it isn't taken. */
  offerQueued(): void {
    const [chunk] = this.#chunks
    if (!chunk) return
    if (this.onChunk?.(chunk)) this.take()
    else this.#onActivity()
  }

  /** Comes before everything that is queued, as if it had not been taken. */
  putBack(chunk: Buffer): void {
    this.#chunks.unshift(chunk)
    this.#queuedBytes += chunk.length
    this.#onActivity()
  }

  /** The next bytes, however long they take; undefined after the last. */
  async next(): Promise<Buffer | undefined> {
    while (!this.hasBytes && !this.#hasEnded) await activity(this)
    return this.take()
  }

  /** False: there is no room for more until `drained`. */
  writeNow(bytes: Buffer): boolean {
    if (this.#socket.destroyed || this.#socket.writableEnded) return true
    return this.#writer ? this.#writer.write(bytes, false) : this.#socket.write(bytes)
  }

  /** As `writeNow`, with bytes that are only lent: until it returns, or until `drained` where there is no room. */
  lendNow(bytes: Buffer): boolean {
    if (this.#socket.destroyed || this.#socket.writableEnded) return true
    return this.#writer ? this.#writer.write(bytes, true) : this.#socket.write(Buffer.from(bytes))
  }

  async drained(): Promise<void> {
    const isFull = this.#writer?.isPending || this.#socket.writableNeedDrain
    if (isFull && !this.#socket.destroyed) await this.#room()
  }

  /** Resolves when there is room for more, and the bytes are free; a peer that makes none in time is cut off. */
  async write(bytes: Buffer): Promise<void> {
    if (!this.lendNow(bytes)) await this.#room()
  }

  /** Says the last words and ends; a peer that doesn't take them is cut off. */
  end(lastWords?: Buffer): void {
    if (this.#socket.destroyed) return
    if (lastWords) this.#socket.write(lastWords)
    this.#socket.end()
    const timer = setTimeout(() => this.#socket.destroy(), 2_000)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Gives the socket away, with what was read ahead of it put back. */
  detach(unread: Buffer): Socket {
    this.#socket.pause()
    this.#socket.off('data', this.#queue)
    for (const event of ENDINGS) this.#socket.off(event, this.#finish)
    const left = Buffer.concat([unread, ...this.#chunks])
    if (left.length > 0) this.#socket.unshift(left)
    return this.#socket
  }

  readonly #queue = (chunk: Buffer): void => {
    if (!this.#isTaken(chunk)) this.#keep(chunk)
  }

  #isTaken(chunk: Buffer): boolean {
    return this.#chunks.length === 0 && this.onChunk?.(chunk) === true
  }

  #keep(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#queuedBytes += chunk.length
    if (this.#queuedBytes >= READ_AHEAD_BYTES) this.#socket.pause()
    this.#onActivity()
  }

  /** Nothing is read until it was taken and is done with. */
  #lend(chunk: Buffer): void {
    this.#isLending = true
    this.#socket.pause()
    this.#keep(chunk)
  }

  #takeLentBack(): void {
    this.#isLending = false
    this.#socket.resume()
  }

  readonly #finish = (): void => {
    this.#hasEnded = true
    this.#onActivity()
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#socket.destroy(), this.#stallTimeoutMs)
      const finish = () => {
        clearTimeout(timer)
        this.#socket.off('drain', finish)
        this.#socket.off('close', finish)
        resolve()
      }
      this.#socket.on('drain', finish)
      this.#socket.on('close', finish)
    })
  }
}
