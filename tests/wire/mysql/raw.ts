// A MySQL client of bytes: it can say what no driver would.
import { constants, publicEncrypt } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { cachingSha2Scramble } from '@articdbm/credential'
import {
  CAPABILITY,
  decodeAuthSwitch,
  decodeErr,
  decodeGreeting,
  encodeHandshakeResponse,
  encodePacket,
  type Greeting,
  MARKER,
  type Packet,
  PacketReader,
} from '@articdbm/wire/mysql'
import { PASSWORD } from './door.ts'

const CAPABILITIES =
  CAPABILITY.protocol41 |
  CAPABILITY.secureConnection |
  CAPABILITY.pluginAuth |
  CAPABILITY.connectWithDb |
  CAPABILITY.transactions |
  CAPABILITY.multiStatements |
  CAPABILITY.multiResults

export interface RawLogin {
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly collation?: number
  readonly plugin?: string
  /** Beyond what every raw client says. */
  readonly capabilities?: number
  /** How the bytes are written: byte by byte shows what depends on chunks. */
  readonly isBytewise?: boolean
}

export class RawClient {
  readonly socket: Socket
  readonly #reader = new PacketReader(1 << 26)
  readonly closed: Promise<void>
  #wake: (() => void) | undefined
  #isClosed = false
  isBytewise = false
  /** The plugin that the server asked for in place of the client's own. */
  switchedTo: string | undefined

  constructor(port: number, localAddress = '127.0.0.1') {
    this.socket = connect({ port, host: '127.0.0.1', localAddress })
    this.socket.setNoDelay(true)
    this.socket.on('data', (bytes) => {
      this.#reader.push(bytes)
      this.#wake?.()
    })
    this.socket.on('error', () => undefined)
    this.closed = new Promise((resolve) => {
      this.socket.on('close', () => {
        this.#isClosed = true
        this.#wake?.()
        resolve()
      })
    })
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** The next packet; undefined where the connection ended. */
  async next(sequence: number, timeoutMs = 8_000): Promise<Packet | undefined> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      this.#reader.expect(sequence)
      const packet = this.#reader.next()
      if (packet) return packet
      if (this.#isClosed) return undefined
      if (Date.now() > deadline) throw new Error('no answer')
      await this.#more()
    }
  }

  #more(): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, 100)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Bytes as they come, outside of packets, once there are so many. */
  async bytes(count: number, timeoutMs = 8_000): Promise<Buffer> {
    const deadline = Date.now() + timeoutMs
    while (this.#reader.pendingBytes < count && !this.#isClosed) {
      if (Date.now() > deadline) throw new Error('no answer')
      await this.#more()
    }
    return this.#reader.takeRest()
  }

  async write(bytes: Buffer): Promise<void> {
    if (!this.isBytewise) {
      this.socket.write(bytes)
      return
    }
    for (const byte of bytes) {
      await new Promise((resolve) => this.socket.write(Buffer.of(byte), resolve))
    }
  }

  /** From now on bytes are only counted, with a rest after every so many; resolves at the end. */
  async takeSlowly(bytesEach: number, restMs: number): Promise<number> {
    let total = 0
    let rested = 0
    this.socket.removeAllListeners('data')
    this.socket.on('data', ({ length }) => {
      total += length
      if (total - rested < bytesEach) return
      rested = total
      this.socket.pause()
      setTimeout(() => this.socket.resume(), restMs)
    })
    await this.closed
    return total
  }

  send(payload: Buffer, sequence = 0): Promise<void> {
    return this.write(encodePacket(payload, sequence))
  }

  /** Sends a command and gives the first packet of its answer, as text for errors: `ERR 1064`. */
  async ask(payload: Buffer): Promise<string> {
    await this.send(payload)
    return describe(await this.next(1))
  }

  async greeting(): Promise<Greeting> {
    const first = await this.next(0)
    if (!first) throw new Error('no greeting')
    return decodeGreeting(first.payload)
  }

  /** Full authentication without TLS; gives what the login ended with. */
  async logIn(login: RawLogin = {}): Promise<string> {
    this.isBytewise = login.isBytewise ?? false
    const { nonce } = await this.greeting()
    const password = login.password ?? PASSWORD
    const response = encodeHandshakeResponse({
      ...{ maxPacketBytes: 1 << 24, collation: login.collation ?? 45 },
      capabilities: CAPABILITIES | (login.capabilities ?? 0),
      ...{ user: login.user ?? 'ann', authResponse: cachingSha2Scramble(password, nonce) },
      ...{ database: login.database ?? 'lite', plugin: login.plugin ?? 'caching_sha2_password' },
      attributes: new Map(),
    })
    await this.send(response, 1)
    return this.#prove(nonce, password)
  }

  async #prove(greeted: Buffer, password: string): Promise<string> {
    let [nonce, sequence] = [greeted, 2]
    for (;;) {
      const packet = await this.next(sequence)
      if (packet?.payload[0] === MARKER.eof) {
        const asked = decodeAuthSwitch(packet.payload)
        this.switchedTo = asked.plugin
        nonce = asked.nonce
        await this.send(cachingSha2Scramble(password, nonce), sequence + 1)
        sequence += 2
        continue
      }
      if (packet?.payload[0] !== 1) return describe(packet)
      if (packet.payload[1] === 3) {
        sequence += 1
        continue
      }
      const isFull = packet.payload[1] === 4 && packet.payload.length === 2
      const answer = isFull ? Buffer.of(2) : encrypt(packet.payload.subarray(1), nonce, password)
      await this.send(answer, sequence + 1)
      sequence += 2
    }
  }
}

function encrypt(key: Buffer, nonce: Buffer, password: string): Buffer {
  const clear = Buffer.from(`${password}\0`)
  const masked = clear.map((byte, at) => byte ^ (nonce[at % nonce.length] ?? 0))
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  return publicEncrypt({ key: key.toString(), padding }, masked)
}

export function describe(packet: Packet | undefined): string {
  if (!packet) return 'closed'
  const [first] = packet.payload
  if (first === 0xff) return `ERR ${decodeErr(packet.payload).errno}`
  if (first === 0) return 'OK'
  return first === 0xfe ? 'EOF' : `packet 0x${first?.toString(16)}`
}
