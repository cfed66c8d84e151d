// From accept to the first OK: greeting, TLS, credential, database.
import type { Encoding } from '@articdbm/wire/mysql'
import {
  CAPABILITY,
  COLLATION,
  decodeHandshakeResponse,
  encodeGreeting,
  type HandshakeResponse,
  isSslRequest,
  PacketViolation,
  STATUS,
} from '@articdbm/wire/mysql'
import type { Gateway, SessionFacts } from '../../gateway.ts'
import type { Arrival, Candidate } from '../../identity/identity.ts'
import { asTlsServer, certificateNames } from '../../listen/door-tls.ts'
import { CACHING_SHA2 } from '../backend/password.ts'
import type { PacketChannel } from '../channel.ts'
import { charsetStatement, encodingFor } from '../charset.ts'
import { createNonce } from './nonce.ts'
import { type Claim, type Prover, prove } from './prove.ts'

// Not offered: IGNORE_SPACE, compression by zstd, optional metadata, and DEPRECATE_EOF, so that a backend's answer passes
// to any client as it is.
const OFFERED =
  CAPABILITY.longPassword |
  CAPABILITY.foundRows |
  CAPABILITY.longFlag |
  CAPABILITY.connectWithDb |
  CAPABILITY.compress |
  CAPABILITY.localFiles |
  CAPABILITY.protocol41 |
  CAPABILITY.interactive |
  CAPABILITY.transactions |
  CAPABILITY.secureConnection |
  CAPABILITY.multiStatements |
  CAPABILITY.multiResults |
  CAPABILITY.psMultiResults |
  CAPABILITY.pluginAuth |
  CAPABILITY.connectAttrs |
  CAPABILITY.pluginAuthLenenc |
  CAPABILITY.sessionTrack |
  CAPABILITY.queryAttributes

/** Who a client is, once it proved it, and how it wants to be spoken to. */
export interface Login {
  readonly candidate: Candidate
  readonly arrival: Arrival
  readonly capabilities: number
  readonly encoding: Encoding
  readonly charset: string
  /** Undefined where no database was named. */
  readonly facts: SessionFacts | undefined
  /** Of the last packet; an OK or ERR follows it. */
  readonly sequence: number
}

export interface LoginDoor extends Prover {
  readonly gateway: Gateway
  readonly address: string
  readonly connectionId: number
  readonly serverVersion: string
}

export class LoginFailed extends Error {
  readonly sequence: number
  constructor(cause: unknown, sequence: number) {
    super('the login failed', { cause })
    this.sequence = sequence
  }
}

/** Throws LoginFailed with the fault that the client is to be told, or what the channel throws. */
export async function logIn(channel: PacketChannel, door: LoginDoor): Promise<Login> {
  const nonce = createNonce()
  const offered = OFFERED | (door.gateway.tls ? CAPABILITY.ssl : 0)
  await channel.send(greeting(offered, nonce, door), 0)
  const { response, sequence } = await readResponse(channel, door.gateway)
  try {
    return await accept(channel, { response, nonce, sequence, offered }, door)
  } catch (error) {
    throw error instanceof LoginFailed ? error : new LoginFailed(error, sequence)
  }
}

function greeting(
  capabilities: number,
  nonce: Buffer,
  { connectionId, serverVersion }: LoginDoor,
): Buffer {
  return encodeGreeting({
    serverVersion,
    connectionId,
    nonce,
    capabilities,
    collation: COLLATION.utf8mb4GeneralCi,
    status: STATUS.autocommit,
    plugin: CACHING_SHA2,
  })
}

interface Response {
  readonly response: HandshakeResponse
  readonly certificateNames?: readonly string[] | undefined
  readonly sequence: number
}

async function readResponse(channel: PacketChannel, gateway: Gateway): Promise<Response> {
  const first = await channel.next(1)
  if (!isSslRequest(first.payload)) {
    return { response: decodeHandshakeResponse(first.payload), sequence: first.sequence }
  }
  const { tls } = gateway
  if (!tls) throw new PacketViolation('this door has no TLS')
  const secure = await channel.startTls((plain) => asTlsServer(plain, tls))
  const second = await channel.next(2)
  return {
    response: decodeHandshakeResponse(second.payload),
    certificateNames: certificateNames(secure, tls),
    sequence: second.sequence,
  }
}

async function accept(
  channel: PacketChannel,
  heard: Response & { readonly nonce: Buffer; readonly offered: number },
  door: LoginDoor,
): Promise<Login> {
  const { response, nonce, offered } = heard
  const spoken = {
    encoding: encodingFor(response.collation),
    charset: charsetStatement(response.collation),
  }
  const arrival = { ...arrivalOf(response, door.address), certificateNames: heard.certificateNames }
  const candidate = await door.identity.find(response.user, door.address)
  const claim = { candidate, nonce, plugin: response.plugin, response: response.authResponse }
  const { facts, sequence } = await admit(
    channel,
    { ...claim, sequence: heard.sequence, arrival },
    door,
  )
  const capabilities = response.capabilities & offered
  return { candidate, arrival, capabilities, ...spoken, facts, sequence }
}

/** Proves the claim and opens the database where one is named; COM_CHANGE_USER does it again. */
export async function admit(
  channel: PacketChannel,
  claim: Claim & { readonly arrival: Arrival },
  prover: Prover,
): Promise<{ facts: SessionFacts | undefined; sequence: number }> {
  const { candidate, arrival } = claim
  const { isProved, sequence } = await prove(channel, claim, prover)
  try {
    if (!isProved) throw await prover.identity.refuse(candidate, arrival)
    const facts =
      arrival.database === '' ? undefined : await prover.identity.open(candidate, arrival)
    return { facts, sequence }
  } catch (error) {
    throw new LoginFailed(error, sequence)
  }
}

export function arrivalOf(
  response: Pick<HandshakeResponse, 'database' | 'attributes'>,
  address: string,
): Arrival {
  const named = response.attributes.get('program_name') ?? response.attributes.get('_client_name')
  return { door: 'mysql', address, application: named ?? '', database: response.database }
}
