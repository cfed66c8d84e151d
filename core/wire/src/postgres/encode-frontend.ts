import type { Frame } from './frame.ts'
import { MalformedMessage } from './malformed.ts'
import { FRONTEND, type FrontendMessage, type StartupMessage, type Target } from './message.ts'
import { bareFrame, frame, int16, int32, list, text, uint8, value } from './writer.ts'

export function encodeFrontend(message: FrontendMessage): Buffer {
  return frame(FRONTEND[message.kind], bodyOf(message))
}

function bodyOf(message: FrontendMessage): readonly Buffer[] {
  switch (message.kind) {
    case 'query':
      return [text(message.text)]
    case 'parse':
      return [text(message.statement), text(message.text), ...list(message.parameterTypes, int32)]
    case 'bind':
      return bindBody(message)
    case 'describe':
    case 'close':
      return [uint8(letterOf(message.target)), text(message.name)]
    case 'execute':
      return [text(message.portal), int32(message.maxRows)]
    case 'copyData':
    case 'credential':
      return [message.bytes]
    case 'functionCall':
      return callBody(message)
    case 'copyFail':
      return [text(message.reason)]
    case 'flush':
    case 'sync':
    case 'copyDone':
    case 'terminate':
      return []
  }
}

function bindBody(message: FrontendMessage & { kind: 'bind' }): readonly Buffer[] {
  return [
    text(message.portal),
    text(message.statement),
    ...list(message.parameterFormats, int16),
    int16(message.parameters.length),
    ...message.parameters.flatMap(value),
    ...list(message.resultFormats, int16),
  ]
}

function callBody(message: FrontendMessage & { kind: 'functionCall' }): readonly Buffer[] {
  return [
    int32(message.oid),
    ...list(message.argumentFormats, int16),
    int16(message.arguments.length),
    ...message.arguments.flatMap(value),
    int16(message.resultFormat),
  ]
}

function letterOf(target: Target): number {
  return target === 'statement' ? 0x53 : 0x50
}

/** A Bind that names another statement; all else is byte for byte what the client sent. */
export function renameBound(bind: Frame, statement: string): Buffer {
  const portalEnd = bind.body.indexOf(0) + 1
  const statementEnd = bind.body.indexOf(0, portalEnd) + 1
  if (portalEnd === 0 || statementEnd === 0) throw new MalformedMessage('a Bind without names')
  return frame(FRONTEND.bind, [
    bind.body.subarray(0, portalEnd),
    text(statement),
    bind.body.subarray(statementEnd),
  ])
}

const STARTUP_CODES = { sslRequest: 80_877_103, gssEncRequest: 80_877_104 } as const

export function encodeStartup(message: StartupMessage): Buffer {
  switch (message.kind) {
    case 'sslRequest':
    case 'gssEncRequest':
      return bareFrame([int32(STARTUP_CODES[message.kind])])
    case 'cancelRequest':
      return bareFrame([int32(80_877_102), int32(message.processId), message.secret])
    case 'startup':
      return bareFrame([
        int32((message.major << 16) | message.minor),
        ...[...message.parameters].flatMap(([name, setting]) => [text(name), text(setting)]),
        uint8(0),
      ])
  }
}

/** SASLInitialResponse: the mechanism and the first message of the exchange. */
export function encodeSaslInitial(mechanism: string, first: string): Buffer {
  const bytes = Buffer.from(first, 'utf8')
  return frame(FRONTEND.credential, [text(mechanism), int32(bytes.length), bytes])
}
