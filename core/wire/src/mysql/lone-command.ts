// The short way for the commands that most programs send: one of them, whole, in one chunk, of the plainest kind.
import type { Encoding } from './collation.ts'
import { COMMAND, FIELD_TYPE } from './constants.ts'
import { HEADER_BYTES, MAX_CHUNK_BYTES } from './packet.ts'
import { type ExecuteBody, executeParts } from './parameters.ts'
import { executeBodyWithout } from './query-attributes.ts'

export type LoneCommand =
  /** `bytes`: the command as a backend takes it, its header included. */
  | { readonly kind: 'query'; readonly text: string; readonly bytes: Buffer }
  /** Without a cursor; `body` is what follows the iteration count. */
  | {
      readonly kind: 'execute'
      readonly statementId: number
      readonly flags: number
      readonly body: Buffer
    }

/** Code, id, flags, iteration count. */
const EXECUTE_BYTES = 10
const NO_ATTRIBUTES = 0x0100
/** PARAMETER_COUNT_AVAILABLE: attributes may follow the parameters. */
const COUNT_FLAG = 8

/** Undefined for everything else, whole or not, well-formed or not: the long way knows what to make of it. */
export function loneCommand(
  chunk: Buffer,
  { encoding, saysAttributes }: { readonly encoding: Encoding; readonly saysAttributes: boolean },
): LoneCommand | undefined {
  if (chunk.length <= HEADER_BYTES || chunk.readUInt32LE(0) !== chunk.length - HEADER_BYTES) {
    return undefined // the fourth byte of that number is the sequence, which must be 0
  }
  if (chunk.length - HEADER_BYTES >= MAX_CHUNK_BYTES) return undefined
  if (chunk[HEADER_BYTES] === COMMAND.query) return loneQuery(chunk, saysAttributes, encoding)
  return chunk[HEADER_BYTES] === COMMAND.stmtExecute ? loneExecute(chunk) : undefined
}

function loneQuery(
  chunk: Buffer,
  saysAttributes: boolean,
  encoding: Encoding,
): LoneCommand | undefined {
  const bytes = saysAttributes ? withoutAttributes(chunk) : chunk
  const text = bytes && textOf(bytes, encoding)
  return bytes && text !== undefined ? { kind: 'query', text, bytes } : undefined
}

/** Undefined where the client says some. */
function withoutAttributes(chunk: Buffer): Buffer | undefined {
  const start = HEADER_BYTES + 1
  if (chunk.length < start + 2 || chunk.readUInt16LE(start) !== NO_ATTRIBUTES) return undefined
  const bytes = Buffer.allocUnsafe(chunk.length - 2)
  bytes.writeUInt32LE(bytes.length - HEADER_BYTES, 0)
  bytes.writeUInt8(COMMAND.query, HEADER_BYTES)
  chunk.copy(bytes, start, start + 2)
  return bytes
}

/** Undefined where another reader might see another text in these bytes. */
function textOf(bytes: Buffer, encoding: Encoding): string | undefined {
  const start = HEADER_BYTES + 1
  const text = bytes.toString('utf8', start)
  if (encoding !== 'utf8') return text.length === bytes.length - start ? asciiOnly(text) : undefined
  // What isn't UTF-8 was replaced by that sign.
  return text.includes('\ufffd') ? undefined : text
}

function asciiOnly(text: string): string | undefined {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return undefined
  return text
}

function loneExecute(chunk: Buffer): LoneCommand | undefined {
  const start = HEADER_BYTES + 1
  if (chunk.length < HEADER_BYTES + EXECUTE_BYTES) return undefined
  const flags = chunk.readUInt8(start + 4)
  const asksForCursor = (flags & ~COUNT_FLAG) !== 0
  if (asksForCursor || chunk.readUInt32LE(start + 5) !== 1) return undefined
  const body = chunk.subarray(HEADER_BYTES + EXECUTE_BYTES)
  return { kind: 'execute', statementId: chunk.readUInt32LE(start), flags, body }
}

/** Its parameters; undefined where they aren't whole, or their types were never said. */
export function boundOf(
  { body, flags }: { readonly body: Buffer; readonly flags: number },
  bound: {
    readonly parameters: number
    /** Of the execution before. */
    readonly types: Buffer | undefined
    readonly saysAttributes: boolean
  },
): (ExecuteBody & { readonly types: Buffer }) | undefined {
  const { parameters, types: known, saysAttributes } = bound
  const isPlain = !saysAttributes && flags === 0
  const own = isPlain ? plainBody(body, parameters) : bodyWithout(body, { flags, ...bound })
  const types = own?.types ?? known
  if (!own || !types || types.length !== parameters * 2) return undefined
  return areWholeValues(own.values, types, own.nulls) ? { ...own, types } : undefined
}

/** As `decodeExecuteBody`; undefined where it is too short for so many parameters. */
function plainBody(body: Buffer, parameters: number): ExecuteBody | undefined {
  const nullBytes = (parameters + 7) >> 3
  const hasTypes = body[nullBytes] === 1
  const start = nullBytes + 1 + (hasTypes ? parameters * 2 : 0)
  if (body.length < start) return undefined
  return {
    nulls: body.subarray(0, nullBytes),
    types: hasTypes ? body.subarray(nullBytes + 1, start) : undefined,
    values: body.subarray(start),
  }
}

const NO_LONG_DATA: ReadonlyMap<number, unknown> = new Map()

function bodyWithout(
  body: Buffer,
  bound: {
    readonly flags: number
    readonly parameters: number
    readonly types: Buffer | undefined
  },
): ExecuteBody | undefined {
  try {
    return executeBodyWithout(body, { ...bound, longData: NO_LONG_DATA })
  } catch {
    return undefined
  }
}

/** A COM_STMT_EXECUTE with its header, and id 0 until `setStatementId`. Undefined: there are no parameters. */
export function encodeLoneExecute(body: ExecuteBody | undefined): Buffer {
  const parts = body ? executeParts(body) : []
  const length = parts.reduce((sum, part) => sum + part.length, HEADER_BYTES + EXECUTE_BYTES)
  const bytes = Buffer.allocUnsafe(length)
  bytes.writeUInt32LE(length - HEADER_BYTES, 0)
  bytes.writeUInt8(COMMAND.stmtExecute, HEADER_BYTES)
  setStatementId(bytes, 0)
  bytes.writeUInt8(0, HEADER_BYTES + 5)
  bytes.writeUInt32LE(1, HEADER_BYTES + 6)
  let at = HEADER_BYTES + EXECUTE_BYTES
  for (const part of parts) at += part.copy(bytes, at)
  return bytes
}

export function setStatementId(execute: Buffer, statementId: number): void {
  execute.writeUInt32LE(statementId, HEADER_BYTES + 1)
}

/** True where values of these types, and nothing behind them, are there: a malformed one must not reach a shared backend. */
function areWholeValues(values: Buffer, types: Buffer, nulls: Buffer): boolean {
  let at = 0
  for (let index = 0; index < types.length / 2; index += 1) {
    const isNull = (((nulls[index >> 3] ?? 0) >> (index & 7)) & 1) === 1
    if (!isNull) at = afterValue(values, at, types[index * 2] ?? 0)
    if (at < 0 || at > values.length) return false
  }
  return at === values.length
}

const FIXED_BYTES: Readonly<Record<number, number>> = {
  [FIELD_TYPE.null]: 0,
  [FIELD_TYPE.tiny]: 1,
  [FIELD_TYPE.short]: 2,
  [FIELD_TYPE.year]: 2,
  [FIELD_TYPE.long]: 4,
  [FIELD_TYPE.int24]: 4,
  [FIELD_TYPE.float]: 4,
  [FIELD_TYPE.longLong]: 8,
  [FIELD_TYPE.double]: 8,
}

/** Negative where its length can't be told. */
function afterValue(values: Buffer, at: number, type: number): number {
  const fixed = FIXED_BYTES[type]
  if (fixed !== undefined) return at + fixed
  // Times begin with their length in a byte, all others with a length-encoded integer.
  const first = values[at] ?? 0xff
  if (first < 0xfb) return at + 1 + first
  if (first === 0xfc && at + 3 <= values.length) return at + 3 + values.readUInt16LE(at + 1)
  return first === 0xfd && at + 4 <= values.length ? at + 4 + values.readUIntLE(at + 1, 3) : -1
}
