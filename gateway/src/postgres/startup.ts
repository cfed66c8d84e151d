// From accept to a startup message: TLS in its two forms, GSSENC, cancel.
import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import { ProtocolViolation } from '@articdbm/contract'
import { decodeStartup, MAX_STARTUP_BYTES, type StartupMessage } from '@articdbm/wire/postgres'
import type { GatewayLimits } from '../gateway.ts'
import { Client } from './client.ts'

const TLS_HANDSHAKE = 0x16
const ALPN = 'postgresql'
const NO = Buffer.from('N')
const YES = Buffer.from('S')

export interface Arrived {
  readonly client: Client
  readonly message: StartupMessage & { kind: 'startup' | 'cancelRequest' }
}

/** Undefined: the client went away before it said anything, as probes of load balancers do. */
export async function arrive(
  socket: Socket,
  limits: GatewayLimits,
  tls: SecureContext | undefined,
): Promise<Arrived | undefined> {
  const plain = clientOf(socket, limits)
  if ((await plain.peek()) !== TLS_HANDSHAKE) return await greet(plain, limits, tls)
  if (!tls) throw new ProtocolViolation('this door has no TLS certificate')
  const { client, protocol } = await secure(plain, limits, tls)
  // Without it, a browser could be led here to speak another protocol (ALPACA).
  if (protocol !== ALPN) throw new ProtocolViolation(`direct TLS needs the ALPN protocol "${ALPN}"`)
  return await greet(client, limits, undefined)
}

/** At most one TLS and one GSSENC request, then what the client came for. */
async function greet(
  first: Client,
  limits: GatewayLimits,
  tls: SecureContext | undefined,
): Promise<Arrived | undefined> {
  let client = first
  const asked = new Set<string>()
  for (;;) {
    const body = await client.nextStartup()
    if (!body) return undefined
    const message = decodeStartup(body)
    if (message.kind === 'startup' || message.kind === 'cancelRequest') return { client, message }
    if (asked.has(message.kind)) throw new ProtocolViolation(`a second ${message.kind}`)
    asked.add(message.kind)
    // Plaintext behind the request was put there by somebody who isn't the client (CVE-2021-23214).
    if (client.hasUnread)
      throw new ProtocolViolation('received unencrypted bytes after a request for encryption')
    const isYes = message.kind === 'sslRequest' && tls !== undefined
    await client.write(isYes ? YES : NO)
    if (isYes) client = (await secure(client, limits, tls)).client
  }
}

async function secure(
  plain: Client,
  limits: GatewayLimits,
  tls: SecureContext,
): Promise<{ client: Client; protocol: string | false | null }> {
  const socket = new TLSSocket(plain.detach(), {
    isServer: true,
    secureContext: tls,
    minVersion: 'TLSv1.2',
    ALPNProtocols: [ALPN],
  })
  await secured(socket)
  return { client: clientOf(socket, limits), protocol: socket.alpnProtocol }
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
