// OK, ERR and EOF packets. CLIENT_DEPRECATE_EOF and session tracking are read, and written where asked for.
import { MARKER, STATUS } from './constants.ts'
import { PayloadReader } from './payload-reader.ts'
import { lenenc, lenencBytes, lenencText, uint8, uint16 } from './payload-writer.ts'
import { PacketViolation } from './violation.ts'

export interface Ok {
  readonly affectedRows: bigint
  readonly lastInsertId: bigint
  readonly status: number
  readonly warnings: number
  readonly message: string
}

export interface Eof {
  readonly warnings: number
  readonly status: number
}

export interface Err {
  readonly errno: number
  /** Five characters; HY000 where the server says none. */
  readonly sqlState: string
  readonly message: string
}

export function encodeOk(ok: Partial<Ok> & { readonly status: number }): Buffer {
  return okBody(MARKER.ok, ok)
}

/** The end of a result set under CLIENT_DEPRECATE_EOF: an OK that begins with 0xfe. */
export function encodeEndOfRows(ok: Partial<Ok> & { readonly status: number }): Buffer {
  return okBody(MARKER.eof, ok)
}

/** An OK to a client with CLIENT_SESSION_TRACK: the default database is now this one. */
export function encodeOkWithSchema(
  ok: Partial<Ok> & { readonly status: number },
  schema: string,
): Buffer {
  const status = ok.status | STATUS.sessionStateChanged
  const message = ok.message ? Buffer.alloc(0) : lenencText('')
  const change = Buffer.concat([uint8(TRACKED_SCHEMA), lenencBytes(lenencText(schema))])
  return Buffer.concat([encodeOk({ ...ok, status }), message, lenencBytes(change)])
}

const TRACKED_SCHEMA = 1

function okBody(marker: number, ok: Partial<Ok> & { readonly status: number }): Buffer {
  return Buffer.concat([
    uint8(marker),
    lenenc(ok.affectedRows ?? 0n),
    lenenc(ok.lastInsertId ?? 0n),
    uint16(ok.status),
    uint16(ok.warnings ?? 0),
    // Documented as the rest of the packet, but servers send its length first.
    ok.message ? lenencText(ok.message) : Buffer.alloc(0),
  ])
}

export function decodeOk(payload: Buffer): Ok {
  const reader = new PayloadReader(payload, 1)
  const affectedRows = reader.lenenc()
  const lastInsertId = reader.lenenc()
  const status = reader.uint16()
  const warnings = reader.uint16()
  const message = messageOf(reader.rest())
  return { affectedRows, lastInsertId, status, warnings, message }
}

function messageOf(rest: Buffer): string {
  const isCounted = rest.length > 0 && (rest[0] ?? 0) < 0xfb && (rest[0] ?? 0) < rest.length
  return (isCounted ? rest.subarray(1, 1 + (rest[0] ?? 0)) : rest).toString('utf8')
}

export function encodeEof(eof: Eof): Buffer {
  return Buffer.concat([uint8(MARKER.eof), uint16(eof.warnings), uint16(eof.status)])
}

export function decodeEof(payload: Buffer): Eof {
  const reader = new PayloadReader(payload, 1)
  return { warnings: reader.uint16(), status: reader.uint16() }
}

/** A row may begin with 0xfe, too: then it is longer than an EOF can be. */
export function isEof(firstByte: number, payloadBytes: number): boolean {
  return firstByte === MARKER.eof && payloadBytes < 9
}

export function encodeErr(err: Err): Buffer {
  const state = err.sqlState.padEnd(5, '0').slice(0, 5)
  const body = Buffer.from(`#${state}${err.message}`, 'utf8')
  return Buffer.concat([uint8(MARKER.error), uint16(err.errno), body])
}

export function decodeErr(payload: Buffer): Err {
  const reader = new PayloadReader(payload, 1)
  const errno = reader.uint16()
  const rest = reader.rest().toString('utf8')
  // An error before the handshake has no state.
  if (!rest.startsWith('#')) return { errno, sqlState: 'HY000', message: rest }
  return { errno, sqlState: rest.slice(1, 6), message: rest.slice(6) }
}

export interface PreparedOk {
  readonly statementId: number
  readonly columns: number
  readonly parameters: number
  readonly warnings: number
}

export function encodePreparedOk(ok: PreparedOk): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32LE(ok.statementId, 1)
  bytes.writeUInt16LE(ok.columns, 5)
  bytes.writeUInt16LE(ok.parameters, 7)
  bytes.writeUInt16LE(ok.warnings & 0xffff, 10)
  return bytes
}

export function decodePreparedOk(payload: Buffer): PreparedOk {
  const reader = new PayloadReader(payload)
  if (reader.uint8() !== MARKER.ok) throw new PacketViolation('this is no answer to a PREPARE')
  const statementId = reader.uint32()
  const columns = reader.uint16()
  const parameters = reader.uint16()
  reader.uint8()
  const warnings = reader.remaining >= 2 ? reader.uint16() : 0
  return { statementId, columns, parameters, warnings }
}

export function hasMoreResults(status: number): boolean {
  return (status & STATUS.moreResults) !== 0
}

/** Kept by a session: a transaction is open, or autocommit is off. */
export function isInTransaction(status: number): boolean {
  return (status & STATUS.inTransaction) !== 0 || (status & STATUS.autocommit) === 0
}
