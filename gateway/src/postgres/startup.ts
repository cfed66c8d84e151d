// From accept to a startup message: TLS in its two forms, GSSENC, cancel.
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { ProtocolViolation } from '@articdbm/contract'
import {
  decodeStartup,
  MAX_STARTUP_BYTES,
  MalformedMessage,
  type StartupMessage,
} from '@articdbm/wire/postgres'
import type { GatewayLimits } from '../gateway.ts'
import { asTlsServer, certificateNames, type DoorTls } from '../listen/door-tls.ts'
import { Client } from './client.ts'
import { errorResponse } from './refusal.ts'

const TLS_HANDSHAKE = 0x16
const ALPN = 'postgresql'
const NO = Buffer.from('N')
const YES = Buffer.from('S')

/** What is known of an encrypted channel. */
export interface Encryption {
  readonly binding: Buffer | undefined
  readonly certificateNames: readonly string[] | undefined
}

export interface Arrived {
  readonly client: Client
  readonly encryption: Encryption | undefined
  readonly message: StartupMessage & { kind: 'startup' | 'cancelRequest' }
}

/**
 * Undefined: the client went away before it said anything, as probes of load balancers do.
 * What fails is told to the client as far as it can be, and thrown.
 */
export async function arrive(
  socket: Socket,
  limits: GatewayLimits,
  tls: DoorTls | undefined,
): Promise<Arrived | undefined> {
  const entrance = new Entrance(socket, limits, tls)
  try {
    return await entrance.pass()
  } catch (error) {
    // As a server does: who sends this may not have asked for anything (a Terminate that came before its startup).
    const isUnread = error instanceof UnreadableStartup
    entrance.client.end(isUnread ? undefined : errorResponse(error, 'FATAL'))
    throw error
  }
}

/** Nothing that this protocol begins with. */
class UnreadableStartup extends ProtocolViolation {}

class Entrance {
  readonly #limits: GatewayLimits
  #tls: DoorTls | undefined
  #encryption: Encryption | undefined
  client: Client

  constructor(socket: Socket, limits: GatewayLimits, tls: DoorTls | undefined) {
    this.#limits = limits
    this.#tls = tls
    this.client = clientOf(socket, limits)
  }

  async pass(): Promise<Arrived | undefined> {
    if ((await this.client.peek()) === TLS_HANDSHAKE) {
      // Without it, a browser could be led here to speak another protocol (ALPACA).
      if ((await this.#secure()) !== ALPN) {
        throw new ProtocolViolation(`direct TLS needs the ALPN protocol "${ALPN}"`)
      }
    }
    return await this.#greet()
  }

  /** At most one TLS and one GSSENC request, then what the client came for. */
  async #greet(): Promise<Arrived | undefined> {
    const asked = new Set<string>()
    for (;;) {
      const body = await this.#nextBody()
      if (!body) return undefined
      const message = decodeStartup(body)
      if (message.kind === 'startup' || message.kind === 'cancelRequest') {
        return { client: this.client, encryption: this.#encryption, message }
      }
      if (asked.has(message.kind)) throw new ProtocolViolation(`a second ${message.kind}`)
      asked.add(message.kind)
      await this.#answer(message.kind)
    }
  }

  async #nextBody(): Promise<Buffer | undefined> {
    try {
      return await this.client.nextStartup()
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error
      throw new UnreadableStartup(error.message)
    }
  }

  async #answer(kind: 'sslRequest' | 'gssEncRequest'): Promise<void> {
    // Plaintext behind the request was put there by somebody who isn't the client (CVE-2021-23214).
    if (this.client.hasUnread) {
      throw new ProtocolViolation('received unencrypted bytes after a request for encryption')
    }
    const isYes = kind === 'sslRequest' && this.#tls !== undefined
    await this.client.write(isYes ? YES : NO)
    if (isYes) await this.#secure()
  }

  /** Answers with the ALPN protocol. TLS comes once: inside it nobody may ask for it again. */
  async #secure(): Promise<string | false | null> {
    const tls = this.#tls
    if (!tls) throw new ProtocolViolation('this door has no TLS certificate')
    this.#tls = undefined
    const socket = asTlsServer(this.client.detach(), tls, [ALPN])
    await secured(socket)
    this.client = clientOf(socket, this.#limits)
    this.#encryption = {
      binding: tls.binding,
      certificateNames: certificateNames(socket, tls),
    }
    return socket.alpnProtocol
  }
}

function secured(socket: TLSSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = () => reject(new ProtocolViolation('the TLS handshake failed'))
    socket.once('secure', () => {
      socket.off('close', fail)
      resolve()
    })
    socket.on('error', fail)
    socket.once('close', fail)
  })
}

/** Before somebody has logged in, no frame may be large. */
function clientOf(socket: Socket, limits: GatewayLimits): Client {
  return new Client(socket, {
    maxFrameBytes: MAX_STARTUP_BYTES,
    stallTimeoutMs: limits.stallTimeoutMs,
  })
}
