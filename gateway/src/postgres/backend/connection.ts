import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { type Backend, BackendUnavailable } from '@articdbm/contract'
import {
  BACKEND,
  BackendScanner,
  decodeBackend,
  encodeFrontend,
  encodeStartup,
  type Piece,
} from '@articdbm/wire/postgres'
import { certificateHash } from '../../listen/certificate-hash.ts'
import { readBuffer } from '../../listen/quick-socket.ts'
import type { BackendConnection } from '../../pool/pool.ts'
import type { Dialer, DialTarget } from '../../pool/pools.ts'
import { type Wire, wireOf } from '../../pool/wire.ts'
import { activity, Channel } from '../channel.ts'
import { type OutdatedStatements, PreparedNames } from '../prepared-names.ts'
import { connect } from './connect.ts'
import { type LoggedIn, logIn } from './log-in.ts'
import { changesBetween } from './settings.ts'

const CONNECT_TIMEOUT_MS = 10_000
const CANCEL_TIMEOUT_MS = 5_000
/** A backend that takes nothing for this long is given up. */
const STALL_TIMEOUT_MS = 60_000
const MAX_PREPARED = 1_000

/** Its connections tell each other which prepared statements no longer fit their tables. */
export function createPostgresDialer(outdated: OutdatedStatements): Dialer<PostgresConnection> {
  return async (target, signal) => {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_TIMEOUT_MS)])
    try {
      return await dial(target, deadline, outdated)
    } catch (error) {
      const why = error instanceof Error ? error.message : 'unknown reason'
      throw new BackendUnavailable(target.database.name, why)
    }
  }
}

async function dial(
  target: DialTarget,
  deadline: AbortSignal,
  outdated: OutdatedStatements,
): Promise<PostgresConnection> {
  const socket = await connect(target.backend, deadline)
  const abort = () => socket.destroy()
  deadline.addEventListener('abort', abort, { once: true })
  try {
    const channel = new Channel(socket, STALL_TIMEOUT_MS)
    const loggedIn = await logIn(channel, {
      user: target.user,
      password: target.password,
      database: target.database.target,
      encryption: encryptionOf(socket),
    })
    for (const [name, value] of READ_WITH) expectSetting(loggedIn, name, value)
    return new PostgresConnection(target.backend, socket, { channel, loggedIn, outdated })
  } catch (error) {
    socket.destroy()
    throw error
  } finally {
    deadline.removeEventListener('abort', abort)
  }
}

/** A verdict reads statements with these; a backend that has other values would read other statements. */
const READ_WITH: ReadonlyMap<string, string> = new Map([
  ['client_encoding', 'UTF8'],
  ['standard_conforming_strings', 'on'],
])

function isReadWith(name: string, value: string): boolean {
  // SET client_encoding TO 'UNICODE' is UTF8, and is told under the name that was given.
  const canonical = name === 'client_encoding' && value === 'UNICODE' ? 'UTF8' : value
  return (READ_WITH.get(name) ?? canonical) === canonical
}

function encryptionOf(socket: Socket) {
  if (!(socket instanceof TLSSocket)) return undefined
  const certificate = socket.getPeerX509Certificate()
  return { binding: certificate && certificateHash(certificate.raw) }
}

function expectSetting(loggedIn: LoggedIn, name: string, value: string): void {
  if (loggedIn.parameters.get(name) === value) return
  throw new Error(`its ${name} is ${loggedIn.parameters.get(name) ?? 'unknown'}, not ${value}`)
}

interface Parts {
  readonly channel: Channel
  readonly loggedIn: LoggedIn
  readonly outdated: OutdatedStatements
}

/** One authenticated connection to a PostgreSQL backend. */
export class PostgresConnection implements BackendConnection {
  readonly #backend: Backend
  readonly #socket: Socket
  readonly #channel: Channel
  readonly #cancelKey: LoggedIn['cancelKey']
  readonly #scanner = new BackendScanner()
  readonly wire: Wire
  readonly parameters: Map<string, string>
  readonly prepared: PreparedNames
  /** Settings that differ from the backend's own. */
  settings: ReadonlyMap<string, string> = new Map()
  /** Set by whoever holds the lease. */
  isReusable = true

  constructor(backend: Backend, socket: Socket, { channel, loggedIn, outdated }: Parts) {
    this.#backend = backend
    this.#socket = socket
    this.wire = wireOf(socket)
    this.#channel = channel
    this.parameters = loggedIn.parameters
    this.#cancelKey = loggedIn.cancelKey
    this.prepared = new PreparedNames(MAX_PREPARED, outdated)
    channel.quicken(readBuffer())
    this.watchIdle()
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed && !this.#socket.writableEnded && !this.#channel.hasEnded
  }

  get hasAnswer(): boolean {
    return this.#channel.hasBytes || this.#channel.hasEnded
  }

  get isInsideFrame(): boolean {
    return this.#scanner.isInsideFrame
  }

  set onActivity(listener: () => void) {
    this.#channel.onActivity = listener
  }

  close(): void {
    if (this.isOpen) this.#channel.end(encodeFrontend({ kind: 'terminate' }))
    else this.#socket.destroy()
  }

  onClosed(listener: () => void): void {
    if (this.#socket.closed) listener()
    else this.#socket.once('close', listener)
  }

  send(bytes: Buffer): Promise<void> {
    return this.#channel.write(bytes)
  }

  /** Until `readByAsking` every chunk goes to one reader, lent as the channel lends them. */
  readBy(take: (chunk: Buffer) => void): void {
    this.#channel.onChunk = (chunk) => {
      take(chunk)
      return true
    }
  }

  /** What comes waits for `receive`, and before it what a reader was given and is not its own. */
  readByAsking(behind?: Buffer): void {
    this.#channel.onChunk = undefined
    if (behind && behind.length > 0) this.#channel.putBack(Buffer.from(behind))
  }

  /** Open, and all that it has said was read. */
  get isAtRest(): boolean {
    return this.isOpen && !this.#channel.hasBytes && this.#scanner.isBetweenFrames
  }

  get isLost(): boolean {
    return this.#channel.hasEnded
  }

  /** What is written waits in memory where the backend is slow: whoever writes keeps count. */
  writeNow(bytes: Buffer): void {
    this.#channel.writeNow(bytes)
  }

  /** The backend waits with what it has to say. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Undefined when the connection was lost. */
  async receive(): Promise<readonly Piece[] | undefined> {
    while (!this.#channel.hasBytes && !this.#channel.hasEnded) await activity(this.#channel)
    const chunk = this.#channel.take()
    if (!chunk) return undefined
    const pieces = this.#scanner.scan(chunk)
    for (const piece of pieces) if (piece.kind === 'frame') this.noteParameter(piece.bytes)
    return pieces
  }

  /** Sends a query of our own and swallows its answer: undefined, or why it failed. */
  async ask(
    text: string,
    listen: (piece: Piece) => void = () => undefined,
  ): Promise<Error | undefined> {
    this.prepared.unnamed = undefined
    await this.send(encodeFrontend({ kind: 'query', text }))
    let failure: Error | undefined
    for (;;) {
      const pieces = await this.receive()
      if (!pieces) return new BackendUnavailable(this.#backend.host, 'the connection was lost')
      for (const piece of pieces) {
        listen(piece)
        const message = piece.kind === 'frame' ? decodeBackend(piece.bytes) : undefined
        if (message?.kind === 'errorResponse') failure = new BackendRefusal(message.fields)
        if (message?.kind === 'readyForQuery') return failure ?? unlessIdle(message.status)
      }
    }
  }

  /** Undefined when it has these settings and no others, or why it has not. */
  async adopt(settings: ReadonlyMap<string, string>): Promise<Error | undefined> {
    const changes = changesBetween(this.settings, settings)
    const failure = changes === '' ? undefined : await this.ask(changes)
    if (!failure) this.settings = settings
    return failure
  }

  /** Whether `adopt` would have nothing to do. */
  has(settings: ReadonlyMap<string, string>): boolean {
    return this.settings === settings || changesBetween(this.settings, settings) === ''
  }

  /** A frame that may be a ParameterStatus. A function may have set what no statement may: then nothing more is asked. */
  noteParameter(frame: Buffer): void {
    if (frame[0] !== BACKEND.parameterStatus) return
    const message = decodeBackend(frame)
    if (message?.kind !== 'parameterStatus') return
    this.parameters.set(message.name, message.value)
    if (!isReadWith(message.name, message.value)) this.close()
  }

  /** While nobody leases it: whatever is said then, but for settings and notices, ends it. */
  watchIdle(): void {
    this.readByAsking()
    this.#channel.onActivity = () => {
      while (this.#channel.hasBytes) {
        const chunk = this.#channel.take()
        if (chunk && !this.#isSmallTalk(chunk)) this.close()
      }
      if (this.#channel.hasEnded) this.#socket.destroy()
    }
  }

  /** True when the backend has seen the request, so that it can't hit a later statement. */
  async cancel(): Promise<boolean> {
    if (!this.#cancelKey || !this.isOpen) return true
    const deadline = AbortSignal.timeout(CANCEL_TIMEOUT_MS)
    try {
      const socket = await connect(this.#backend, deadline)
      await sendCancel(socket, this.#cancelKey, deadline)
      return true
    } catch {
      return false
    }
  }

  #isSmallTalk(chunk: Buffer): boolean {
    return this.#scanner.scan(chunk).every((piece) => {
      if (piece.kind !== 'frame') return false
      this.noteParameter(piece.bytes)
      return piece.code === BACKEND.parameterStatus || piece.code === BACKEND.noticeResponse
    })
  }
}

/** What the backend itself said, kept whole for the client. */
export class BackendRefusal extends Error {
  readonly fields: ReadonlyMap<string, string>
  constructor(fields: ReadonlyMap<string, string>) {
    super(fields.get('M') ?? 'refused')
    this.fields = fields
  }
}

function unlessIdle(status: string): Error | undefined {
  return status === 'idle' ? undefined : new Error('still in a transaction')
}

function sendCancel(
  socket: Socket,
  key: { readonly processId: number; readonly secret: Buffer },
  deadline: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = () => {
      socket.destroy()
      reject(new Error('no answer to the cancel request'))
    }
    deadline.addEventListener('abort', late, { once: true })
    socket.on('error', () => undefined)
    socket.once('close', () => {
      deadline.removeEventListener('abort', late)
      resolve()
    })
    socket.resume()
    socket.write(encodeStartup({ kind: 'cancelRequest', ...key }))
  })
}
