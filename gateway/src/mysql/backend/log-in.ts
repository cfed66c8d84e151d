// The gateway as a backend's client: greeting, TLS, and the authentication that the backend asks for.
import {
  CAPABILITY,
  COLLATION,
  decodeAuthSwitch,
  decodeErr,
  decodeGreeting,
  encodeHandshakeResponse,
  encodeSslRequest,
  type Greeting,
  MARKER,
} from '@articdbm/wire/mysql'
import type { DialTarget } from '../../pool/pools.ts'
import type { PacketChannel } from '../channel.ts'
import { asTlsClient } from '../tls.ts'
import { CACHING_SHA2, clearPassword, encryptedPassword, NATIVE, scramble } from './password.ts'

/** The words of a backend, or of the gateway, about a connection that could not be made. */
export class LogInRefused extends Error {}

const MAX_PACKET_BYTES = 1 << 30
const MAX_ROUNDS = 10
const FAST_OK = 3
const FULL_AUTHENTICATION = 4
const ASK_PUBLIC_KEY = Buffer.of(2)

// Neither CLIENT_MULTI_STATEMENTS, which is switched on for the requests that need it, nor CLIENT_DEPRECATE_EOF, so
// that answers pass on as they are.
const WANTED =
  CAPABILITY.longPassword |
  CAPABILITY.longFlag |
  CAPABILITY.connectWithDb |
  CAPABILITY.localFiles |
  CAPABILITY.protocol41 |
  CAPABILITY.transactions |
  CAPABILITY.secureConnection |
  CAPABILITY.multiResults |
  CAPABILITY.psMultiResults |
  CAPABILITY.pluginAuth |
  CAPABILITY.pluginAuthLenenc

export interface LogInOptions {
  readonly target: DialTarget
  /** CLIENT_FOUND_ROWS: an UPDATE counts the rows it found, not those it changed. */
  readonly countsFoundRows: boolean
}

/** Resolves with the backend's greeting once it said OK. Throws LogInRefused, ClientGone, PacketViolation. */
export async function logIn(channel: PacketChannel, options: LogInOptions): Promise<Greeting> {
  const first = await channel.next(0)
  if (first.payload[0] === MARKER.error) throw refusal(first.payload)
  const greeting = decodeGreeting(first.payload)
  const sequence = await upgrade(channel, greeting, options)
  await respond(channel, greeting, { ...options, sequence })
  await authenticate(channel, greeting, { ...options, sequence })
  return greeting
}

function wantedOf(greeting: Greeting, { countsFoundRows }: LogInOptions): number {
  const wanted = WANTED | (countsFoundRows ? CAPABILITY.foundRows : 0)
  return wanted & greeting.capabilities
}

/** Gives the number of the next packet. */
async function upgrade(
  channel: PacketChannel,
  greeting: Greeting,
  options: LogInOptions,
): Promise<number> {
  const { backend } = options.target
  if (backend.tls === 'disable') return 1
  if ((greeting.capabilities & CAPABILITY.ssl) === 0) {
    if (backend.tls === 'prefer') return 1
    throw new LogInRefused('the backend has no TLS, and its settings here require it')
  }
  const request = encodeSslRequest({
    capabilities: wantedOf(greeting, options) | CAPABILITY.ssl,
    maxPacketBytes: MAX_PACKET_BYTES,
    collation: COLLATION.utf8mb4GeneralCi,
  })
  await channel.send(request, 1)
  await channel.startTls((plain) => asTlsClient(plain, backend.host, backend.tls))
  return 2
}

async function respond(
  channel: PacketChannel,
  greeting: Greeting,
  options: LogInOptions & { readonly sequence: number },
): Promise<void> {
  const { target, sequence } = options
  // A plugin that isn't known here: the backend then asks to switch to the account's own.
  const plugin = greeting.plugin === CACHING_SHA2 ? CACHING_SHA2 : NATIVE
  const tls = channel.isEncrypted ? CAPABILITY.ssl : 0
  const response = encodeHandshakeResponse({
    capabilities: wantedOf(greeting, options) | tls,
    maxPacketBytes: MAX_PACKET_BYTES,
    collation: COLLATION.utf8mb4GeneralCi,
    user: target.user,
    authResponse: answerTo(plugin, greeting.nonce, target),
    database: target.database.target,
    plugin,
    attributes: new Map(),
  })
  await channel.send(response, sequence)
}

async function authenticate(
  channel: PacketChannel,
  greeting: Greeting,
  { target, sequence }: LogInOptions & { readonly sequence: number },
): Promise<void> {
  let nonce = greeting.nonce
  let expected = sequence + 1
  for (let rounds = 0; rounds < MAX_ROUNDS; rounds += 1) {
    const packet = await channel.next(expected)
    const { payload } = packet
    if (payload[0] === MARKER.ok) return
    if (payload[0] === MARKER.error) throw refusal(payload)
    const asked = payload[0] === MARKER.eof ? decodeAuthSwitch(payload) : undefined
    nonce = asked?.nonce ?? nonce
    const answer = asked
      ? answerTo(asked.plugin, nonce, target)
      : goOn(payload, { nonce, target, isEncrypted: channel.isEncrypted })
    if (answer) await channel.send(answer, packet.sequence + 1)
    expected = packet.sequence + (answer ? 2 : 1)
  }
  throw new LogInRefused('the backend asks for a password again and again')
}

function answerTo(plugin: string, nonce: Buffer, { password }: DialTarget): Buffer {
  const answer = scramble(plugin, password.reveal(), nonce)
  if (answer) return answer
  throw new LogInRefused(`the account uses ${plugin}, which the gateway doesn't speak`)
}

/** AuthMoreData of caching_sha2_password; undefined where the backend expects nothing. */
function goOn(
  payload: Buffer,
  facts: { readonly nonce: Buffer; readonly target: DialTarget; readonly isEncrypted: boolean },
): Buffer | undefined {
  if (payload[1] === FAST_OK && payload.length === 2) return undefined
  const password = facts.target.password.reveal()
  if (payload[1] !== FULL_AUTHENTICATION) {
    return encryptedPassword(password, facts.nonce, payload.subarray(1).toString('latin1'))
  }
  return facts.isEncrypted ? clearPassword(password) : ASK_PUBLIC_KEY
}

function refusal(payload: Buffer): LogInRefused {
  const { errno, message } = decodeErr(payload)
  return new LogInRefused(`${message} (${errno})`)
}
