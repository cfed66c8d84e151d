import {
  type AuthenticationMessage,
  BACKEND,
  type BackendMessage,
  type ErrorFields,
  type FieldDescription,
  type ReplyMessage,
  type TransactionStatus,
} from './message.ts'
import { frame, int16, int32, list, text, uint8, value } from './writer.ts'

export function encodeBackend(message: BackendMessage): Buffer {
  return frame(codeOf(message.kind), bodyOf(message))
}

function codeOf(kind: BackendMessage['kind']): number {
  return kind.startsWith('authentication')
    ? BACKEND.authentication
    : BACKEND[kind as keyof typeof BACKEND]
}

function bodyOf(message: BackendMessage): readonly Buffer[] {
  return isAuthentication(message) ? authenticationBodyOf(message) : replyBodyOf(message)
}

function isAuthentication(message: BackendMessage): message is AuthenticationMessage {
  return message.kind.startsWith('authentication')
}

function authenticationBodyOf(message: AuthenticationMessage): readonly Buffer[] {
  switch (message.kind) {
    case 'authenticationOk':
      return [int32(0)]
    case 'authenticationCleartext':
      return [int32(3)]
    case 'authenticationMd5':
      return [int32(5), message.salt]
    case 'authenticationSasl':
      return [int32(10), ...message.mechanisms.map(text), uint8(0)]
    case 'authenticationSaslContinue':
      return [int32(11), message.bytes]
    case 'authenticationSaslFinal':
      return [int32(12), message.bytes]
    case 'authenticationOther':
      return [int32(message.method)]
  }
}

function replyBodyOf(message: ReplyMessage): readonly Buffer[] {
  switch (message.kind) {
    case 'parameterStatus':
      return [text(message.name), text(message.value)]
    case 'backendKeyData':
      return [int32(message.processId), message.secret]
    case 'readyForQuery':
      return [uint8(LETTERS[message.status])]
    case 'errorResponse':
    case 'noticeResponse':
      return fieldsBody(message.fields)
    case 'commandComplete':
      return [text(message.tag)]
    case 'rowDescription':
      return [int16(message.fields.length), ...message.fields.flatMap(fieldBody)]
    case 'parameterDescription':
      return list(message.typeOids, int32)
    case 'dataRow':
      return [int16(message.values.length), ...message.values.flatMap(value)]
    case 'negotiateProtocolVersion':
      return [
        int32(message.minor),
        int32(message.unknownOptions.length),
        ...message.unknownOptions.map(text),
      ]
    case 'notificationResponse':
      return [int32(message.processId), text(message.channel), text(message.payload)]
    case 'functionCallResponse':
      return value(message.value)
    case 'copyInResponse':
    case 'copyOutResponse':
      return [
        uint8(0),
        ...list(
          Array.from({ length: message.columns ?? 0 }, () => 0),
          int16,
        ),
      ]
    case 'emptyQueryResponse':
    case 'noData':
    case 'parseComplete':
    case 'bindComplete':
    case 'closeComplete':
    case 'portalSuspended':
    case 'copyDone':
      return []
  }
}

const LETTERS: Readonly<Record<TransactionStatus, number>> = {
  idle: 0x49,
  active: 0x54,
  failed: 0x45,
}

function fieldsBody(fields: ErrorFields): readonly Buffer[] {
  const parts = [...fields].flatMap(([code, content]) => [
    uint8(code.charCodeAt(0)),
    text(content.replaceAll('\0', '')),
  ])
  return [...parts, uint8(0)]
}

function fieldBody(field: FieldDescription): Buffer[] {
  return [
    text(field.name),
    int32(field.tableOid),
    int16(field.columnNumber),
    int32(field.typeOid),
    int16(field.typeSize),
    int32(field.typeModifier),
    int16(field.format),
  ]
}
