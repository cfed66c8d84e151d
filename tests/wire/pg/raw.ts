// A client that says exactly what a test wants said, to the door or to the server itself.
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import {
  BACKEND,
  type BackendMessage,
  decodeBackend,
  encodeFrontend,
  encodeSaslInitial,
  encodeStartup,
  type Frame,
  FrameReader,
  type FrontendMessage,
} from '@articdbm/wire/postgres'
import { beginScram } from '../../../gateway/src/postgres/scram.ts'

export class RawClient {
  readonly socket: Socket
  readonly #reader = new FrameReader(1_000_000_000)
  readonly parameters = new Map<string, string>()
  readonly preamble: BackendMessage[] = []
  cancelKey: { processId: number; secret: Buffer } | undefined
  #wake: () => void = () => undefined
  #isEnded = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#reader.push(chunk)
      this.#wake()
    })
    for (const event of ['close', 'error', 'end']) {
      socket.on(event, () => {
        this.#isEnded = true
        this.#wake()
      })
    }
  }

  static async open(
    url: string,
    settings: Record<string, string> = {},
    minor = 0,
  ): Promise<RawClient> {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    return RawClient.over(socket, url, settings, minor)
  }

  /** Logs in over a socket of one's own: from another address, say. */
  static async over(
    socket: Socket,
    url: string,
    settings: Record<string, string> = {},
    minor = 0,
  ): Promise<RawClient> {
    const { username, password, pathname } = new URL(url)
    const client = new RawClient(socket)
    const parameters = new Map(
      Object.entries({ user: username, database: pathname.slice(1), ...settings }),
    )
    socket.write(encodeStartup({ kind: 'startup', major: 3, minor, parameters }))
    await client.#logIn(decodeURIComponent(password))
    return client
  }

  async #logIn(password: string): Promise<void> {
    const exchange = beginScram(password, randomBytes(12).toString('base64'))
    for (;;) {
      const message = decodeBackend((await this.frame()).bytes)
      if (!message) continue
      this.preamble.push(message)
      if (message.kind === 'errorResponse') throw new Error(message.fields.get('M'))
      if (message.kind === 'authenticationSasl') {
        this.socket.write(encodeSaslInitial('SCRAM-SHA-256', exchange.first))
      }
      if (message.kind === 'authenticationSaslContinue') {
        const { final } = await exchange.prove(message.bytes.toString())
        this.send({ kind: 'credential', bytes: Buffer.from(final) })
      }
      if (message.kind === 'parameterStatus') this.parameters.set(message.name, message.value)
      if (message.kind === 'backendKeyData') {
        this.cancelKey = { processId: message.processId, secret: message.secret }
      }
      if (message.kind === 'readyForQuery') return
    }
  }

  send(...messages: FrontendMessage[]): void {
    this.socket.write(Buffer.concat(messages.map(encodeFrontend)))
  }

  async frame(): Promise<Frame> {
    for (;;) {
      const frame = this.#reader.next()
      if (frame) return frame
      if (this.#isEnded) throw new Error('the connection has ended')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Whole frames up to so many ReadyForQuery; settings that are announced are left out. */
  async answers(count = 1): Promise<Frame[]> {
    const frames: Frame[] = []
    for (let left = count; left > 0; ) {
      const frame = await this.frame()
      if (frame.code !== BACKEND.parameterStatus) frames.push(frame)
      if (frame.code === BACKEND.readyForQuery) left -= 1
    }
    return frames
  }

  /** The kinds of the answers, with SQLSTATE, tag and transaction status: a readable summary. */
  async summary(count = 1): Promise<string[]> {
    return (await this.answers(count)).map(({ bytes }) => summarize(decodeBackend(bytes)))
  }

  query(text: string): Promise<string[]> {
    this.send({ kind: 'query', text })
    return this.summary()
  }

  /** Resolves with everything until the end. */
  async end(): Promise<string[]> {
    const summary: string[] = []
    try {
      for (;;) summary.push(summarize(decodeBackend((await this.frame()).bytes)))
    } catch {
      return summary
    }
  }

  close(): void {
    this.send({ kind: 'terminate' })
    this.socket.end()
  }
}

export function summarize(message: BackendMessage | undefined): string {
  if (!message) return 'unknown'
  switch (message.kind) {
    case 'errorResponse':
      return `error ${message.fields.get('C')}`
    case 'commandComplete':
      return message.tag
    case 'readyForQuery':
      return message.status
    case 'dataRow':
      return `row ${message.values.map((value) => value?.toString() ?? 'null').join()}`
    default:
      return message.kind
  }
}
