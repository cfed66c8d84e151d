// CLIENT_QUERY_ATTRIBUTES: what a client says about its statement, before a COM_QUERY's text and behind the parameters
// of a COM_STMT_EXECUTE. It is read to find where it ends, and goes no further.
import { FIELD_TYPE } from './constants.ts'
import { type ExecuteBody, NO_PARAMETERS, readValue } from './parameters.ts'
import { PayloadReader } from './payload-reader.ts'
import { PacketViolation } from './violation.ts'

/** PARAMETER_COUNT_AVAILABLE, a flag of COM_STMT_EXECUTE. */
const COUNT_FLAG = 8
const MAX_COUNT = 65_535

/** What stands behind a COM_QUERY's code, without the attributes. */
export function textBehindAttributes(body: Buffer): Buffer {
  const reader = new PayloadReader(body)
  const count = readCount(reader)
  reader.lenenc() // parameter sets, always 1
  if (count > 0) {
    const { nulls, types } = readHeads(reader, count)
    if (!types) throw new PacketViolation('query attributes without types')
    skipValues(reader, { nulls, types, longData: new Map() })
  }
  return reader.rest()
}

export interface Bound {
  readonly flags: number
  readonly parameters: number
  /** Of the execution before. */
  readonly types: Buffer | undefined
  readonly longData: ReadonlyMap<number, unknown>
}

/** The body of a COM_STMT_EXECUTE, without the attributes that follow its parameters. */
export function executeBodyWithout(body: Buffer, bound: Bound): ExecuteBody {
  const { flags, parameters, longData } = bound
  if (parameters === 0 && (flags & COUNT_FLAG) === 0) return NO_PARAMETERS
  const reader = new PayloadReader(body)
  const count = readCount(reader)
  if (count < parameters) throw new PacketViolation('fewer parameters than the statement has')
  if (count === 0) return NO_PARAMETERS
  const { nulls, types } = readHeads(reader, count)
  const own = types?.subarray(0, parameters * 2)
  const known = own ?? bound.types
  if (!known) throw new PacketViolation('parameters without types')
  const start = reader.offset
  skipValues(reader, { nulls, types: known, longData })
  return {
    nulls: ownBits(nulls, parameters),
    types: own,
    values: body.subarray(start, reader.offset),
  }
}

function readCount(reader: PayloadReader): number {
  const count = reader.lenenc()
  if (count > MAX_COUNT) throw new PacketViolation(`${count} parameters`)
  return Number(count)
}

function readHeads(reader: PayloadReader, count: number) {
  const nulls = reader.bytes((count + 7) >> 3)
  if (reader.uint8() !== 1) return { nulls, types: undefined }
  const types = Array.from({ length: count }, () => {
    const type = reader.bytes(2)
    reader.lenencBytes() // its name
    return type
  })
  return { nulls, types: Buffer.concat(types) }
}

interface Heads {
  readonly nulls: Buffer
  readonly types: Buffer
  readonly longData: ReadonlyMap<number, unknown>
}

function skipValues(reader: PayloadReader, { nulls, types, longData }: Heads): void {
  for (let at = 0; at < types.length / 2; at += 1) {
    const type = types.readUInt8(at * 2)
    const isAbsent = longData.has(at) || isNull(nulls, at) || type === FIELD_TYPE.null
    if (!isAbsent) readValue(reader, type, 'signed')
  }
}

function isNull(nulls: Buffer, at: number): boolean {
  return ((nulls.readUInt8(at >> 3) >> (at & 7)) & 1) === 1
}

/** The bits of the attributes are not of the statement. */
function ownBits(nulls: Buffer, parameters: number): Buffer {
  const own = Buffer.from(nulls.subarray(0, (parameters + 7) >> 3))
  const rest = parameters & 7
  const last = own.length - 1
  if (rest > 0) own.writeUInt8(own.readUInt8(last) & ((1 << rest) - 1), last)
  return own
}
