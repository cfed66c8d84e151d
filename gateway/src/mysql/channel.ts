// A socket as packets: bounded reading, writing with back-pressure, TLS where it is asked for.
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { encodePacket, type Packet, PacketReader } from '@articdbm/wire/mysql'
import { type QuickWriter, quickWriter, readQuickly } from '../listen/quick-socket.ts'
import { Compression } from './compression.ts'
import { ClientGone, ClientStalled } from './endings.ts'

/** A client that sends ahead while its command is under way is read no further than this. */
const MAX_AHEAD_BYTES = 65_536

export interface ChannelOptions {
  readonly stallTimeoutMs: number
  readonly maxPayloadBytes: number
}

/** Sees what comes in while the next command is awaited and nothing is unread. */
export interface ShortCut {
  /** It has a command under way: what comes behind that waits. */
  readonly isBusy: boolean
  /** False: it goes the long way. */
  take(chunk: Buffer): boolean
}

interface Waiting {
  readonly resolve: (packet: Packet) => void
  readonly reject: (error: Error) => void
}

export class PacketChannel {
  readonly #options: ChannelOptions
  readonly #reader: PacketReader
  readonly #closeListeners = new Set<() => void>()
  #socket: Socket
  #writer: QuickWriter | undefined
  #compression: Compression | undefined
  #waiting: Waiting | undefined
  /** What is waited for is a command. */
  #isAtCommand = false
  /** What came behind a command that took the short cut. */
  #behind: Buffer[] = []
  #aheadBytes = 0
  #partialTimer: NodeJS.Timeout | undefined
  #ending: Error | undefined
  #bytesWritten = 0
  shortCut: ShortCut | undefined

  constructor(socket: Socket, options: ChannelOptions) {
    this.#socket = socket
    this.#options = options
    this.#reader = new PacketReader(options.maxPayloadBytes)
    this.#listen(socket)
  }

  get isEncrypted(): boolean {
    return this.#socket instanceof TLSSocket
  }

  get isOpen(): boolean {
    return this.#ending === undefined
  }

  /** Of payload and headers, so far: for the audit. */
  get bytesWritten(): number {
    return this.#bytesWritten
  }

  set maxPayloadBytes(bytes: number) {
    this.#reader.maxPayloadBytes = bytes
  }

  /** From here on both sides speak the compressed protocol. */
  compress(): void {
    this.#compression = new Compression()
    this.#compression.push(this.#reader.takeRest())
    this.#reader.numbering = 'any'
  }

  /** Reads and writes past the stream where that can be done: only once the socket stays with this channel. */
  quicken(): void {
    if (this.#compression || this.#socket.isPaused() || this.#socket.writableLength > 0) return
    // The chunk is the reader's only until it returns.
    if (readQuickly(this.#socket, (chunk) => this.#take(Buffer.from(chunk)))) {
      this.#writer = quickWriter(this.#socket)
    }
  }

  nextCommand(): Promise<Packet> {
    this.#compression?.restart()
    const command = this.next(0)
    this.#isAtCommand = true
    return command
  }

  /** The next packet, which must have this number. Rejects with ClientGone, or PacketViolation. */
  next(sequence: number): Promise<Packet> {
    this.#reader.expect(sequence)
    this.#isAtCommand = false
    return new Promise((resolve, reject) => {
      if (this.#ending) return reject(this.#ending)
      this.#waiting = { resolve, reject }
      this.#deliver()
      if (this.#waiting) this.#socket.resume()
    })
  }

  /** False: wait for `drained` before writing more. */
  write(bytes: Buffer): boolean {
    if (this.#ending) return false
    this.#bytesWritten += bytes.length
    if (this.#writer) return this.#writer.write(bytes, false)
    return this.#socket.write(this.#compression?.deflate(bytes) ?? bytes)
  }

  async send(payload: Buffer, sequence: number): Promise<void> {
    if (!this.write(encodePacket(payload, sequence))) await this.drained()
  }

  /** Resolves when the client has taken what was written; ends a client that takes nothing for too long. */
  drained(): Promise<void> {
    if (this.#ending) return Promise.reject(this.#ending)
    if (!this.#writer?.isPending && !this.#socket.writableNeedDrain) return Promise.resolve()
    return new Promise((resolve, reject) => {
      let taken = this.#takenBytes
      const timer = setInterval(() => {
        const now = this.#takenBytes
        if (now === taken) this.#end(new ClientStalled(this.#options.stallTimeoutMs))
        taken = now
      }, this.#options.stallTimeoutMs)
      const settle = () => {
        clearInterval(timer)
        this.#socket.off('drain', settle)
        this.#closeListeners.delete(settle)
        if (this.#ending) reject(this.#ending)
        else resolve()
      }
      this.#socket.once('drain', settle)
      this.#closeListeners.add(settle)
    })
  }

  /** Grows as the client takes what was written. */
  get #takenBytes(): number {
    const { bytesWritten, writableLength } = this.#socket
    return bytesWritten - writableLength - (this.#writer?.queuedBytes ?? 0)
  }

  /** Goes over to TLS; what was sent after the request for it already belongs to the TLS handshake. */
  async startTls(wrap: (plain: Socket) => TLSSocket): Promise<TLSSocket> {
    const plain = this.#detach()
    const rest = this.#reader.takeRest()
    if (rest.length > 0) plain.unshift(rest)
    const secure = wrap(plain)
    this.#socket = secure
    this.#listen(secure)
    await new Promise<void>((resolve, reject) => {
      const settle = () => (this.#ending ? reject(this.#ending) : resolve())
      // A client's side is verified only at 'secureConnect'.
      secure.once('secure', settle)
      secure.once('secureConnect', settle)
      this.onClosed(settle)
    })
    return secure
  }

  /** Gives the socket away, once nothing more is expected on it. */
  release(): Socket {
    const socket = this.#detach()
    socket.removeAllListeners('error')
    socket.removeAllListeners('close')
    return socket
  }

  /** Called once when the client is gone; at once when it already is. */
  onClosed(listener: () => void): () => void {
    if (this.#ending) listener()
    else this.#closeListeners.add(listener)
    return () => this.#closeListeners.delete(listener)
  }

  /** Sends what was written and ends. */
  finish(): void {
    if (this.#ending) return
    this.#socket.end()
    const timer = setTimeout(() => this.close(), this.#options.stallTimeoutMs)
    this.#socket.once('close', () => clearTimeout(timer))
  }

  close(): void {
    this.#end(new ClientGone())
  }

  /** Ends a client that waits for nothing but its next command. */
  interrupt(reason: Error): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.reject(reason)
  }

  #detach(): Socket {
    const socket = this.#socket
    socket.removeAllListeners('data')
    socket.removeAllListeners('end')
    socket.pause()
    this.#aheadBytes = 0
    return socket
  }

  #listen(socket: Socket): void {
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
    socket.on('end', () => this.#end(new ClientGone()))
    socket.on('close', () => this.#end(new ClientGone()))
    socket.on('error', (error) => this.#end(new ClientGone(error.message)))
  }

  /** The short cut's command is over: what came behind it is read. */
  goOn(): void {
    while (!this.shortCut?.isBusy) {
      const chunk = this.#behind.shift()
      if (!chunk) break
      this.#aheadBytes -= chunk.length
      if (!this.#takesShortCut(chunk)) this.#read(chunk)
    }
    if (this.#waiting && this.#socket.isPaused()) this.#socket.resume()
  }

  #take(bytes: Buffer): void {
    if (this.shortCut?.isBusy) this.#wait(bytes)
    else if (!this.#takesShortCut(bytes)) this.#read(bytes)
  }

  #wait(bytes: Buffer): void {
    this.#behind.push(bytes)
    this.#aheadBytes += bytes.length
    if (this.#aheadBytes > MAX_AHEAD_BYTES) this.#socket.pause()
  }

  #takesShortCut(bytes: Buffer): boolean {
    const { shortCut } = this
    if (!shortCut || !this.#waiting || !this.#isAtCommand || this.#reader.isPartial) return false
    return shortCut.take(bytes)
  }

  #read(bytes: Buffer): void {
    const taker = this.#compression ?? this.#reader
    taker.push(bytes)
    this.#aheadBytes += bytes.length
    this.#deliver()
    if (!this.#waiting && this.#aheadBytes > MAX_AHEAD_BYTES) this.#socket.pause()
  }

  #deliver(): void {
    const waiting = this.#waiting
    if (!waiting) return
    try {
      const packet = this.#nextPacket()
      this.#watchPartial(packet === undefined && this.#isPartial)
      if (!packet) return
      this.#waiting = undefined
      this.#aheadBytes = this.#reader.pendingBytes + (this.#compression?.pendingBytes ?? 0)
      waiting.resolve(packet)
    } catch (error) {
      this.#waiting = undefined
      waiting.reject(error as Error)
    }
  }

  #nextPacket(): Packet | undefined {
    for (;;) {
      const packet = this.#reader.next()
      if (packet || !this.#compression) return packet
      const bytes = this.#compression.next(() => this.#deliver())
      if (!bytes) return undefined
      this.#reader.push(bytes)
    }
  }

  get #isPartial(): boolean {
    return this.#reader.isPartial || (this.#compression?.isPartial ?? false)
  }

  /** Half a packet and then silence: the client is closed. */
  #watchPartial(isPartial: boolean): void {
    clearTimeout(this.#partialTimer)
    if (!isPartial) return
    const { stallTimeoutMs } = this.#options
    this.#partialTimer = setTimeout(
      () => this.#end(new ClientStalled(stallTimeoutMs)),
      stallTimeoutMs,
    )
  }

  #end(reason: Error): void {
    if (this.#ending) return
    this.#ending = reason
    clearTimeout(this.#partialTimer)
    this.#socket.destroy()
    this.interrupt(reason)
    for (const listener of [...this.#closeListeners]) listener()
    this.#closeListeners.clear()
  }
}
