import { MalformedMessage } from './malformed.ts'
import {
  BACKEND,
  type BackendMessage,
  type FieldDescription,
  type TransactionStatus,
} from './message.ts'
import { Reader } from './reader.ts'

/** A whole backend frame, header included. Undefined for a kind that nobody here reads. */
export function decodeBackend(bytes: Buffer): BackendMessage | undefined {
  const decoder = DECODERS.get(bytes.readUInt8(0))
  if (!decoder) return undefined
  const reader = new Reader(bytes.subarray(5))
  const message = decoder(reader)
  reader.end()
  return message
}

type Decoder = (reader: Reader) => BackendMessage

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [BACKEND.authentication, decodeAuthentication],
  [
    BACKEND.parameterStatus,
    (reader) => ({ kind: 'parameterStatus', name: reader.text(), value: reader.text() }),
  ],
  [
    BACKEND.backendKeyData,
    (reader) => ({ kind: 'backendKeyData', processId: reader.int32(), secret: reader.rest() }),
  ],
  [
    BACKEND.readyForQuery,
    (reader) => ({ kind: 'readyForQuery', status: statusOf(reader.uint8()) }),
  ],
  [BACKEND.errorResponse, (reader) => ({ kind: 'errorResponse', fields: decodeFields(reader) })],
  [BACKEND.noticeResponse, (reader) => ({ kind: 'noticeResponse', fields: decodeFields(reader) })],
  [BACKEND.commandComplete, (reader) => ({ kind: 'commandComplete', tag: reader.text() })],
  [BACKEND.emptyQueryResponse, () => ({ kind: 'emptyQueryResponse' })],
  [BACKEND.rowDescription, decodeRowDescription],
  [
    BACKEND.parameterDescription,
    (reader) => ({
      kind: 'parameterDescription',
      typeOids: Array.from({ length: reader.count(4) }, () => reader.uint32()),
    }),
  ],
  [
    BACKEND.dataRow,
    (reader) => ({
      kind: 'dataRow',
      values: Array.from({ length: reader.count(4) }, () => reader.value()),
    }),
  ],
  [BACKEND.noData, () => ({ kind: 'noData' })],
  [BACKEND.parseComplete, () => ({ kind: 'parseComplete' })],
  [BACKEND.bindComplete, () => ({ kind: 'bindComplete' })],
  [BACKEND.closeComplete, () => ({ kind: 'closeComplete' })],
  [BACKEND.portalSuspended, () => ({ kind: 'portalSuspended' })],
  [BACKEND.copyInResponse, (reader) => ignoring(reader, { kind: 'copyInResponse' })],
  [BACKEND.copyOutResponse, (reader) => ignoring(reader, { kind: 'copyOutResponse' })],
  [BACKEND.copyDone, () => ({ kind: 'copyDone' })],
  [
    BACKEND.functionCallResponse,
    (reader) => ({ kind: 'functionCallResponse', value: reader.value() }),
  ],
  [BACKEND.negotiateProtocolVersion, decodeNegotiation],
  [
    BACKEND.notificationResponse,
    (reader) => ({
      kind: 'notificationResponse',
      processId: reader.int32(),
      channel: reader.text(),
      payload: reader.text(),
    }),
  ],
])

function decodeAuthentication(reader: Reader): BackendMessage {
  const method = reader.int32()
  switch (method) {
    case 0:
      return { kind: 'authenticationOk' }
    case 3:
      return { kind: 'authenticationCleartext' }
    case 5:
      return { kind: 'authenticationMd5', salt: reader.take(4) }
    case 10:
      return { kind: 'authenticationSasl', mechanisms: decodeTexts(reader) }
    case 11:
      return { kind: 'authenticationSaslContinue', bytes: reader.rest() }
    case 12:
      return { kind: 'authenticationSaslFinal', bytes: reader.rest() }
    default:
      return ignoring(reader, { kind: 'authenticationOther', method })
  }
}

/** Texts up to an empty one. */
function decodeTexts(reader: Reader): readonly string[] {
  const texts: string[] = []
  for (let next = reader.text(); next !== ''; next = reader.text()) texts.push(next)
  return texts
}

/** Of a ReadyForQuery. Throws MalformedMessage. */
export function statusOf(letter: number): TransactionStatus {
  if (letter === 0x49) return 'idle'
  if (letter === 0x54) return 'active'
  if (letter === 0x45) return 'failed'
  throw new MalformedMessage(`unknown transaction status ${letter}`)
}

/** Each field's text is kept as far as it is UTF-8: an old server may report in another encoding. */
function decodeFields(reader: Reader): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (let code = reader.uint8(); code !== 0; code = reader.uint8()) {
    fields.set(String.fromCharCode(code), reader.looseText())
  }
  return fields
}

function decodeRowDescription(reader: Reader): BackendMessage {
  const fields = Array.from({ length: reader.count(19) }, () => decodeField(reader))
  return { kind: 'rowDescription', fields }
}

function decodeField(reader: Reader): FieldDescription {
  return {
    name: reader.text(),
    tableOid: reader.uint32(),
    columnNumber: reader.int16(),
    typeOid: reader.uint32(),
    typeSize: reader.int16(),
    typeModifier: reader.int32(),
    format: reader.int16(),
  }
}

function decodeNegotiation(reader: Reader): BackendMessage {
  const minor = reader.int32()
  const count = reader.uint32()
  if (count > reader.remaining) throw new MalformedMessage(`${count} unknown options`)
  const unknownOptions = Array.from({ length: count }, () => reader.text())
  return { kind: 'negotiateProtocolVersion', minor, unknownOptions }
}

function ignoring(reader: Reader, message: BackendMessage): BackendMessage {
  reader.rest()
  return message
}
