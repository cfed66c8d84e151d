// Connection phase: Handshake v10, SSLRequest, HandshakeResponse41, AuthSwitch, AuthMoreData, COM_CHANGE_USER.
import { CAPABILITY, COMMAND, MARKER } from './constants.ts'
import { PayloadReader } from './payload-reader.ts'
import {
  lenenc,
  lenencBytes,
  lenencText,
  nullTerminated,
  uint8,
  uint16,
  uint32,
  zeros,
} from './payload-writer.ts'
import { PacketViolation } from './violation.ts'

export const NONCE_BYTES = 20
const PROTOCOL_VERSION = 10
const MAX_ATTRIBUTES = 64

export interface Greeting {
  readonly serverVersion: string
  readonly connectionId: number
  readonly nonce: Buffer
  readonly capabilities: number
  readonly collation: number
  readonly status: number
  readonly plugin: string
}

export function encodeGreeting(greeting: Greeting): Buffer {
  return Buffer.concat([
    uint8(PROTOCOL_VERSION),
    nullTerminated(greeting.serverVersion),
    uint32(greeting.connectionId),
    greeting.nonce.subarray(0, 8),
    zeros(1),
    uint16(greeting.capabilities),
    uint8(greeting.collation),
    uint16(greeting.status),
    uint16(greeting.capabilities >>> 16),
    uint8(NONCE_BYTES + 1),
    zeros(10),
    nullTerminated(greeting.nonce.subarray(8, NONCE_BYTES)),
    nullTerminated(greeting.plugin),
  ])
}

export function decodeGreeting(payload: Buffer): Greeting {
  const reader = new PayloadReader(payload)
  const version = reader.uint8()
  if (version !== PROTOCOL_VERSION) throw new PacketViolation(`handshake version ${version}`)
  const serverVersion = reader.untilNull().toString('utf8')
  const connectionId = reader.uint32()
  const nonceStart = reader.bytes(8)
  reader.bytes(1)
  const low = reader.uint16()
  const collation = reader.uint8()
  const status = reader.uint16()
  const capabilities = (low | (reader.uint16() << 16)) >>> 0
  const nonceBytes = reader.uint8()
  reader.bytes(10)
  const nonceEnd = reader.bytes(Math.max(13, nonceBytes - 8)).subarray(0, NONCE_BYTES - 8)
  const hasPlugin = (capabilities & CAPABILITY.pluginAuth) !== 0
  const plugin = hasPlugin ? lastText(reader) : 'mysql_native_password'
  const nonce = Buffer.concat([nonceStart, nonceEnd])
  return { serverVersion, connectionId, nonce, capabilities, collation, status, plugin }
}

/** Some servers leave out the last string's zero byte. */
function lastText(reader: PayloadReader): string {
  return reader.rest().toString('latin1').replace(/\0.*$/s, '')
}

export interface HandshakeResponse {
  readonly capabilities: number
  readonly maxPacketBytes: number
  readonly collation: number
  readonly user: string
  readonly authResponse: Buffer
  readonly database: string
  /** '' where the client names none. */
  readonly plugin: string
  readonly attributes: ReadonlyMap<string, string>
}

/** The first packet of a client: either it asks for TLS, or it is the response itself. */
export function isSslRequest(payload: Buffer): boolean {
  return payload.length === 32 && (payload.readUInt32LE(0) & CAPABILITY.ssl) !== 0
}

export function encodeSslRequest(
  response: Pick<HandshakeResponse, 'capabilities' | 'maxPacketBytes' | 'collation'>,
): Buffer {
  return Buffer.concat([
    uint32(response.capabilities),
    uint32(response.maxPacketBytes),
    uint8(response.collation),
    zeros(23),
  ])
}

export function encodeHandshakeResponse(response: HandshakeResponse): Buffer {
  const has = (bit: number) => (response.capabilities & bit) !== 0
  return Buffer.concat([
    encodeSslRequest(response),
    nullTerminated(response.user),
    has(CAPABILITY.pluginAuthLenenc)
      ? lenencBytes(response.authResponse)
      : Buffer.concat([uint8(response.authResponse.length), response.authResponse]),
    has(CAPABILITY.connectWithDb) ? nullTerminated(response.database) : zeros(0),
    has(CAPABILITY.pluginAuth) ? nullTerminated(response.plugin) : zeros(0),
    has(CAPABILITY.connectAttrs) ? encodeAttributes(response.attributes) : zeros(0),
  ])
}

export function decodeHandshakeResponse(payload: Buffer): HandshakeResponse {
  const reader = new PayloadReader(payload)
  const capabilities = reader.uint32()
  if ((capabilities & CAPABILITY.protocol41) === 0) {
    throw new PacketViolation('a client older than MySQL 4.1', 1251)
  }
  const has = (bit: number) => (capabilities & bit) !== 0
  const maxPacketBytes = reader.uint32()
  const collation = reader.uint8()
  reader.bytes(23)
  const user = reader.untilNull().toString('utf8')
  const authResponse = decodeAuthResponse(reader, has)
  const database = has(CAPABILITY.connectWithDb) && reader.remaining > 0 ? nullText(reader) : ''
  const plugin = has(CAPABILITY.pluginAuth) && reader.remaining > 0 ? nullText(reader) : ''
  const attributes = has(CAPABILITY.connectAttrs) ? decodeAttributes(reader) : new Map()
  return {
    capabilities,
    maxPacketBytes,
    collation,
    user,
    authResponse,
    database,
    plugin,
    attributes,
  }
}

function decodeAuthResponse(reader: PayloadReader, has: (bit: number) => boolean): Buffer {
  if (has(CAPABILITY.pluginAuthLenenc)) return reader.lenencBytes()
  if (has(CAPABILITY.secureConnection)) return reader.bytes(reader.uint8())
  return reader.untilNull()
}

function nullText(reader: PayloadReader): string {
  return reader.untilNull().toString('utf8')
}

function encodeAttributes(attributes: ReadonlyMap<string, string>): Buffer {
  const pairs = [...attributes].flatMap(([name, value]) => [lenencText(name), lenencText(value)])
  const bytes = Buffer.concat(pairs)
  return Buffer.concat([lenenc(bytes.length), bytes])
}

/** They are hints of the client's, so what can't be read of them is left out. */
function decodeAttributes(reader: PayloadReader): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>()
  try {
    const pairs = new PayloadReader(reader.lenencBytes())
    while (pairs.remaining > 0 && attributes.size < MAX_ATTRIBUTES) {
      const name = pairs.lenencBytes().toString('utf8')
      attributes.set(name, pairs.lenencBytes().toString('utf8'))
    }
  } catch (fault) {
    if (!(fault instanceof PacketViolation)) throw fault
  }
  return attributes
}

export interface AuthSwitch {
  readonly plugin: string
  readonly nonce: Buffer
}

export function encodeAuthSwitch(request: AuthSwitch): Buffer {
  return Buffer.concat([
    uint8(MARKER.eof),
    nullTerminated(request.plugin),
    nullTerminated(request.nonce),
  ])
}

export function decodeAuthSwitch(payload: Buffer): AuthSwitch {
  const reader = new PayloadReader(payload, 1)
  // A lone 0xfe asks for the password scramble of before 4.1, which proves nothing.
  if (reader.remaining === 0) throw new PacketViolation('the backend asks for an old password')
  const plugin = reader.untilNull().toString('latin1')
  const nonce = reader.rest()
  return { plugin, nonce: nonce.at(-1) === 0 ? nonce.subarray(0, -1) : nonce }
}

export function encodeMoreData(bytes: Uint8Array): Buffer {
  return Buffer.concat([uint8(MARKER.moreData), bytes])
}

/** COM_CHANGE_USER, without its command byte's meaning: the fields of a handshake response again. */
export type ChangeUser = Omit<
  HandshakeResponse,
  'capabilities' | 'maxPacketBytes' | 'collation'
> & {
  readonly collation: number | undefined
}

export function decodeChangeUser(payload: Buffer, capabilities: number): ChangeUser {
  const has = (bit: number) => (capabilities & bit) !== 0
  const reader = new PayloadReader(payload, 1)
  const user = nullText(reader)
  const authResponse = reader.bytes(reader.uint8())
  const database = nullText(reader)
  const collation = reader.remaining >= 2 ? reader.uint16() : undefined
  const plugin = has(CAPABILITY.pluginAuth) && reader.remaining > 0 ? nullText(reader) : ''
  const attributes = has(CAPABILITY.connectAttrs) ? decodeAttributes(reader) : new Map()
  return { user, authResponse, database, collation, plugin, attributes }
}

export function encodeChangeUser(change: ChangeUser): Buffer {
  return Buffer.concat([
    uint8(COMMAND.changeUser),
    nullTerminated(change.user),
    uint8(change.authResponse.length),
    change.authResponse,
    nullTerminated(change.database),
    uint16(change.collation ?? 0),
    nullTerminated(change.plugin),
    encodeAttributes(change.attributes),
  ])
}
