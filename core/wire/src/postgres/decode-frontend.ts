import type { Frame } from './frame.ts'
import { MalformedMessage } from './malformed.ts'
import { FRONTEND, type FrontendMessage, type StartupMessage, type Target } from './message.ts'
import { Reader } from './reader.ts'

const SSL_REQUEST = 80_877_103
const GSSENC_REQUEST = 80_877_104
const CANCEL_REQUEST = 80_877_102
/** Protocol 3.2: a cancel key has up to 256 bytes. */
const MAX_SECRET_BYTES = 256
const MAX_PARAMETERS = 200

export function decodeFrontend(frame: Frame): FrontendMessage {
  const decoder = DECODERS.get(frame.code)
  if (!decoder) throw new MalformedMessage(`invalid frontend message type ${frame.code}`)
  const reader = new Reader(frame.body)
  const message = decoder(reader)
  reader.end()
  return message
}

type Decoder = (reader: Reader) => FrontendMessage

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [FRONTEND.query, (reader) => ({ kind: 'query', text: reader.text() })],
  [FRONTEND.parse, decodeParse],
  [FRONTEND.bind, decodeBind],
  [FRONTEND.describe, (reader) => ({ kind: 'describe', ...named(reader) })],
  [FRONTEND.close, (reader) => ({ kind: 'close', ...named(reader) })],
  [FRONTEND.execute, decodeExecute],
  [FRONTEND.flush, () => ({ kind: 'flush' })],
  [FRONTEND.sync, () => ({ kind: 'sync' })],
  [FRONTEND.copyData, (reader) => ({ kind: 'copyData', bytes: reader.rest() })],
  [FRONTEND.copyDone, () => ({ kind: 'copyDone' })],
  [FRONTEND.copyFail, (reader) => ({ kind: 'copyFail', reason: reader.text() })],
  [FRONTEND.functionCall, decodeFunctionCall],
  [FRONTEND.credential, (reader) => ({ kind: 'credential', bytes: reader.rest() })],
  [FRONTEND.terminate, () => ({ kind: 'terminate' })],
])

function decodeParse(reader: Reader): FrontendMessage {
  const statement = reader.text()
  const text = reader.text()
  const parameterTypes = Array.from({ length: reader.count(4) }, () => reader.uint32())
  return { kind: 'parse', statement, text, parameterTypes }
}

function decodeBind(reader: Reader): FrontendMessage {
  const portal = reader.text()
  const statement = reader.text()
  const parameterFormats = formats(reader)
  const parameters = Array.from({ length: reader.count(4) }, () => reader.value())
  const resultFormats = formats(reader)
  return { kind: 'bind', portal, statement, parameterFormats, parameters, resultFormats }
}

function decodeExecute(reader: Reader): FrontendMessage {
  return { kind: 'execute', portal: reader.text(), maxRows: Math.max(0, reader.int32()) }
}

function decodeFunctionCall(reader: Reader): FrontendMessage {
  const oid = reader.uint32()
  const argumentFormats = formats(reader)
  const values = Array.from({ length: reader.count(4) }, () => reader.value())
  const resultFormat = reader.int16()
  return { kind: 'functionCall', oid, argumentFormats, arguments: values, resultFormat }
}

function formats(reader: Reader): readonly number[] {
  return Array.from({ length: reader.count(2) }, () => reader.int16())
}

function named(reader: Reader): { target: Target; name: string } {
  const letter = String.fromCharCode(reader.uint8())
  if (letter !== 'S' && letter !== 'P') {
    throw new MalformedMessage(`invalid subtype ${JSON.stringify(letter)} of Describe or Close`)
  }
  return { target: letter === 'S' ? 'statement' : 'portal', name: reader.text() }
}

/** The body of a message that comes before the session, its length already taken off. */
export function decodeStartup(body: Buffer): StartupMessage {
  const reader = new Reader(body)
  const version = reader.int32()
  if (version === SSL_REQUEST || version === GSSENC_REQUEST) {
    reader.end()
    return { kind: version === SSL_REQUEST ? 'sslRequest' : 'gssEncRequest' }
  }
  if (version === CANCEL_REQUEST) return decodeCancel(reader)
  const parameters = decodeParameters(reader)
  return { kind: 'startup', major: version >>> 16, minor: version & 0xffff, parameters }
}

function decodeCancel(reader: Reader): StartupMessage {
  const processId = reader.int32()
  const secret = reader.rest()
  if (secret.length < 4 || secret.length > MAX_SECRET_BYTES) {
    throw new MalformedMessage(`cancel key of ${secret.length} bytes`)
  }
  return { kind: 'cancelRequest', processId, secret }
}

function decodeParameters(reader: Reader): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>()
  for (let name = reader.text(); name !== ''; name = reader.text()) {
    if (parameters.size === MAX_PARAMETERS) throw new MalformedMessage('too many parameters')
    parameters.set(name, reader.text())
  }
  reader.end()
  return parameters
}
