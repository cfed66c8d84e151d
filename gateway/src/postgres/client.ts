import type { Socket } from 'node:net'
import { type Frame, FrameReader } from '@articdbm/wire/postgres'
import { activity, Channel, type Waker } from './channel.ts'

/** One client: frames in, bytes out. */
export class Client implements Waker {
  readonly #channel: Channel
  readonly #reader: FrameReader
  #next: Frame | undefined

  constructor(socket: Socket, bounds: { maxFrameBytes: number; stallTimeoutMs: number }) {
    this.#channel = new Channel(socket, bounds.stallTimeoutMs)
    this.#reader = new FrameReader(bounds.maxFrameBytes)
  }

  set maxFrameBytes(bytes: number) {
    this.#reader.maxFrameBytes = bytes
  }

  set onActivity(listener: () => void) {
    this.#channel.onActivity = listener
  }

  /** Sees what comes in before it is read, while nothing else is unread; true: it has taken it. Lent until it returns. */
  set onChunk(take: ((chunk: Buffer) => boolean) | undefined) {
    this.#channel.onChunk = take && ((chunk) => !this.#isReading && take(chunk))
  }

  /** The socket stays with this client from now on. */
  quicken(): void {
    this.#channel.quicken()
  }

  /** After something was taken by `onChunk` what came behind it is shown, too. */
  offerQueued(): void {
    this.#channel.offerQueued()
  }

  /** What `onChunk` has taken goes the long way after all, before everything that came behind it. */
  putBack(chunk: Buffer): void {
    this.#channel.putBack(chunk)
  }

  /** It has gone, or sends nothing any more. */
  get hasEnded(): boolean {
    return this.#channel.hasEnded && !this.#channel.hasBytes && !this.#hasFrame()
  }

  /** It sends no more, whatever of it is still unread. */
  get isGone(): boolean {
    return this.#channel.hasEnded
  }

  /** A whole frame, if one is there. */
  take(): Frame | undefined {
    if (!this.#hasFrame()) return undefined
    const frame = this.#next
    this.#next = undefined
    return frame
  }

  /** The next frame, however long it takes; undefined after the last. */
  async next(): Promise<Frame | undefined> {
    for (;;) {
      const frame = this.take()
      if (frame || this.hasEnded) return frame
      await activity(this)
    }
  }

  /** The body of a message that comes before a session; undefined when the client went away. */
  async nextStartup(): Promise<Buffer | undefined> {
    for (;;) {
      const body = this.#reader.nextStartup()
      if (body) return body
      const chunk = await this.#channel.next()
      if (!chunk) return undefined
      this.#reader.push(chunk)
    }
  }

  /** Looks at the first byte without taking it. */
  async peek(): Promise<number | undefined> {
    if (this.#reader.peek() === undefined) {
      const chunk = await this.#channel.next()
      if (chunk) this.#reader.push(chunk)
    }
    return this.#reader.peek()
  }

  /** Bytes that came behind what was taken. */
  get hasUnread(): boolean {
    return this.#reader.bufferedBytes > 0 || this.#channel.hasBytes
  }

  write(bytes: Buffer): Promise<void> {
    return this.#channel.write(bytes)
  }

  /** False: there is no room for more until `drained`. */
  writeNow(bytes: Buffer): boolean {
    return this.#channel.writeNow(bytes)
  }

  /** As `writeNow`, with bytes that are only lent: until it returns, or until `drained` where there is no room. */
  lendNow(bytes: Buffer): boolean {
    return this.#channel.lendNow(bytes)
  }

  drained(): Promise<void> {
    return this.#channel.drained()
  }

  end(lastWords?: Buffer): void {
    this.#channel.end(lastWords)
  }

  destroy(): void {
    this.#channel.destroy()
  }

  detach(): Socket {
    return this.#channel.detach(this.#reader.takeAll())
  }

  /** A frame, or a part of one, was read and not yet taken. */
  get #isReading(): boolean {
    return this.#next !== undefined || this.#reader.bufferedBytes > 0
  }

  #hasFrame(): boolean {
    while (!this.#next) {
      this.#next = this.#reader.next()
      if (this.#next) break
      const chunk = this.#channel.take()
      if (!chunk) return false
      this.#reader.push(chunk)
    }
    return true
  }
}
