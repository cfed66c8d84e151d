// What a client asks for once it is logged in: the first byte says what the rest means.
import { CAPABILITY, COMMAND } from './constants.ts'
import { PayloadReader } from './payload-reader.ts'
import { nullTerminated, uint8, uint16, uint32 } from './payload-writer.ts'
import { textBehindAttributes } from './query-attributes.ts'

export type Command =
  | PlainCommand
  | { readonly kind: 'change user' }
  | { readonly kind: 'unknown'; readonly code: number }

export type PlainCommand = ConnectionCommand | StatementCommand

/** About the session itself. */
export type ConnectionCommand =
  | { readonly kind: 'quit' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'statistics' }
  | { readonly kind: 'reset connection' }
  | { readonly kind: 'init db'; readonly database: Buffer }
  | { readonly kind: 'kill'; readonly connectionId: number }
  | { readonly kind: 'set option'; readonly option: number }

/** About statements and prepared statements. */
export type StatementCommand =
  | { readonly kind: 'query'; readonly text: Buffer }
  | { readonly kind: 'field list'; readonly table: Buffer; readonly wildcard: Buffer }
  | { readonly kind: 'prepare'; readonly text: Buffer }
  | {
      readonly kind: 'execute'
      readonly statementId: number
      readonly flags: number
      readonly body: Buffer
    }
  | {
      readonly kind: 'long data'
      readonly statementId: number
      readonly parameter: number
      readonly bytes: Buffer
    }
  | { readonly kind: 'fetch'; readonly statementId: number; readonly rows: number }
  | { readonly kind: 'close'; readonly statementId: number }
  | { readonly kind: 'reset'; readonly statementId: number }

/** What the client may say depends on what it said it can do. */
export function decodeCommand(payload: Buffer, capabilities = 0): Command {
  const reader = new PayloadReader(payload)
  const code = reader.uint8()
  switch (code) {
    case COMMAND.quit:
      return { kind: 'quit' }
    case COMMAND.ping:
      return { kind: 'ping' }
    case COMMAND.statistics:
      return { kind: 'statistics' }
    case COMMAND.resetConnection:
      return { kind: 'reset connection' }
    case COMMAND.initDb:
      return { kind: 'init db', database: reader.rest() }
    case COMMAND.query:
      return { kind: 'query', text: textOf(reader.rest(), capabilities) }
    case COMMAND.processInfo:
      return { kind: 'query', text: Buffer.from('SHOW PROCESSLIST') }
    case COMMAND.fieldList:
      return { kind: 'field list', table: reader.untilNull(), wildcard: reader.rest() }
    case COMMAND.processKill:
      return { kind: 'kill', connectionId: reader.uint32() }
    case COMMAND.changeUser:
      return { kind: 'change user' }
    case COMMAND.setOption:
      return { kind: 'set option', option: reader.uint16() }
    case COMMAND.stmtPrepare:
      return { kind: 'prepare', text: reader.rest() }
    default:
      return decodePrepared(code, reader)
  }
}

function textOf(body: Buffer, capabilities: number): Buffer {
  return (capabilities & CAPABILITY.queryAttributes) === 0 ? body : textBehindAttributes(body)
}

function decodePrepared(code: number, reader: PayloadReader): Command {
  switch (code) {
    case COMMAND.stmtExecute: {
      const [statementId, flags] = [reader.uint32(), reader.uint8()]
      reader.uint32() // the iteration count, always 1
      return { kind: 'execute', statementId, flags, body: reader.rest() }
    }
    case COMMAND.stmtSendLongData: {
      const [statementId, parameter] = [reader.uint32(), reader.uint16()]
      return { kind: 'long data', statementId, parameter, bytes: reader.rest() }
    }
    case COMMAND.stmtFetch:
      return { kind: 'fetch', statementId: reader.uint32(), rows: reader.uint32() }
    case COMMAND.stmtClose:
      return { kind: 'close', statementId: reader.uint32() }
    case COMMAND.stmtReset:
      return { kind: 'reset', statementId: reader.uint32() }
    default:
      return { kind: 'unknown', code }
  }
}

export function encodeCommand(command: PlainCommand): Buffer {
  switch (command.kind) {
    case 'quit':
      return uint8(COMMAND.quit)
    case 'ping':
      return uint8(COMMAND.ping)
    case 'statistics':
      return uint8(COMMAND.statistics)
    case 'reset connection':
      return uint8(COMMAND.resetConnection)
    case 'init db':
      return Buffer.concat([uint8(COMMAND.initDb), command.database])
    case 'query':
      return Buffer.concat([uint8(COMMAND.query), command.text])
    case 'field list':
      return Buffer.concat([
        uint8(COMMAND.fieldList),
        nullTerminated(command.table),
        command.wildcard,
      ])
    case 'kill':
      return Buffer.concat([uint8(COMMAND.processKill), uint32(command.connectionId)])
    case 'set option':
      return Buffer.concat([uint8(COMMAND.setOption), uint16(command.option)])
    case 'prepare':
      return Buffer.concat([uint8(COMMAND.stmtPrepare), command.text])
    case 'execute':
      return encodeExecute(command)
    case 'long data':
      return Buffer.concat([
        uint8(COMMAND.stmtSendLongData),
        uint32(command.statementId),
        uint16(command.parameter),
        command.bytes,
      ])
    case 'fetch':
      return Buffer.concat([
        uint8(COMMAND.stmtFetch),
        uint32(command.statementId),
        uint32(command.rows),
      ])
    case 'close':
      return Buffer.concat([uint8(COMMAND.stmtClose), uint32(command.statementId)])
    case 'reset':
      return Buffer.concat([uint8(COMMAND.stmtReset), uint32(command.statementId)])
  }
}

function encodeExecute(command: Extract<Command, { kind: 'execute' }>): Buffer {
  return Buffer.concat([
    uint8(COMMAND.stmtExecute),
    uint32(command.statementId),
    uint8(command.flags),
    uint32(1),
    command.body,
  ])
}
