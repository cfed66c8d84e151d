// Node's TCP handles without its streams: a read into one shared buffer, a write that is over when the call is.
// These are internals, so all of them are here, each looked for before it is used; without them the streams serve.
import { Socket } from 'node:net'

interface Handle {
  readonly writeQueueSize?: number
  useUserBuffer(buffer: Uint8Array): void
  writeBuffer(request: object, bytes: Uint8Array): number
}

interface StreamWrap {
  readonly WriteWrap: new () => WriteRequest
  readonly streamBaseState: Record<number, number>
  readonly kLastWriteWasAsync: number
}

interface WriteRequest {
  handle: Handle
  bytes: Uint8Array | null
  oncomplete: (status: number) => void
}

type Internals = Socket & Record<symbol, unknown> & { readonly _handle: Handle | null }

const READ_BYTES = 65_536
const streamWrap = findStreamWrap()

/** What a socket reads into. */
export function readBuffer(): Buffer {
  return Buffer.allocUnsafeSlow(READ_BYTES)
}

/** Whoever reads into it looks at every chunk, or copies it, before the next one. */
const shared = readBuffer()

/**
 * From now on each chunk goes to `take` instead of to the stream, in `buffer`: with the shared one it is only valid
 * until `take` returns, with one of its own until the socket reads again, which it doesn't while it is paused.
 * False: this socket can't do it (TLS, another Node.js, bytes that wait in the stream).
 */
export function readQuickly(
  socket: Socket,
  take: (chunk: Buffer) => void,
  buffer: Buffer = shared,
): boolean {
  const internals = socket as Internals
  const [place, callback, generator] = ['kBuffer', 'kBufferCb', 'kBufferGen'].map((name) =>
    Object.getOwnPropertySymbols(socket).find(({ description }) => description === name),
  )
  const { _handle: handle } = internals
  if (!isPlain(socket) || !place || !callback || !generator) return false
  if (typeof handle?.useUserBuffer !== 'function' || socket.readableLength > 0) return false
  internals[generator] = null
  internals[callback] = (bytes: number) => {
    take(buffer.subarray(0, bytes))
    return true
  }
  internals[place] = buffer
  handle.useUserBuffer(buffer)
  return true
}

export interface QuickWriter {
  /** False: a part of it waits, and 'drain' will be emitted. Lent bytes are free again when there is room. */
  write(bytes: Buffer, isLent: boolean): boolean
  readonly isPending: boolean
  /** What the kernel hasn't taken yet. */
  readonly queuedBytes: number
}

/** Undefined where the stream has to do it. What the stream still holds goes first. */
export function quickWriter(socket: Socket): QuickWriter | undefined {
  return streamWrap && isPlain(socket) ? new HandleWriter(socket, streamWrap) : undefined
}

class HandleWriter implements QuickWriter {
  readonly #socket: Internals
  readonly #wrap: StreamWrap
  #spare: WriteRequest | undefined
  #pending = 0

  constructor(socket: Socket, wrap: StreamWrap) {
    this.#socket = socket as Internals
    this.#wrap = wrap
  }

  get isPending(): boolean {
    return this.#pending > 0
  }

  get queuedBytes(): number {
    return this.#socket._handle?.writeQueueSize ?? 0
  }

  write(bytes: Buffer, isLent: boolean): boolean {
    const socket = this.#socket
    const { _handle: handle } = socket
    if (socket.destroyed || socket.writableEnded) return true
    if (!handle || socket.writableLength > 0)
      return socket.write(isLent ? Buffer.from(bytes) : bytes)
    const request = this.#spare ?? this.#create(handle)
    const failure = handle.writeBuffer(request, bytes)
    const isAsync = this.#wrap.streamBaseState[this.#wrap.kLastWriteWasAsync] === 1
    this.#spare = isAsync || failure !== 0 ? undefined : request
    if (failure !== 0) socket.destroy()
    else if (isAsync) this.#wait(request, bytes)
    return !this.isPending
  }

  #create(handle: Handle): WriteRequest {
    const request = new this.#wrap.WriteWrap()
    request.handle = handle
    request.bytes = null
    request.oncomplete = (status) => this.#completed(status)
    return request
  }

  /** The kernel's buffer is full: libuv writes the rest, and needs the bytes until then. */
  #wait(request: WriteRequest, bytes: Buffer): void {
    request.bytes = bytes
    this.#pending += 1
  }

  #completed(status: number): void {
    this.#pending -= 1
    if (status < 0) this.#socket.destroy()
    else if (this.#pending === 0) this.#socket.emit('drain')
  }
}

/** A TCP socket and nothing on top of it. */
function isPlain(socket: Socket): boolean {
  return Object.getPrototypeOf(socket) === Socket.prototype
}

function findStreamWrap(): StreamWrap | undefined {
  const { binding } = process as unknown as { binding?: (name: string) => Partial<StreamWrap> }
  try {
    const { WriteWrap, streamBaseState, kLastWriteWasAsync } = binding?.('stream_wrap') ?? {}
    if (!WriteWrap || !streamBaseState || kLastWriteWasAsync === undefined) return undefined
    return { WriteWrap, streamBaseState, kLastWriteWasAsync }
  } catch {
    return undefined
  }
}
