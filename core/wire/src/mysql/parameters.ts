// The body of COM_STMT_EXECUTE: NULL bitmap, types where they are new, values.
import { FIELD_TYPE } from './constants.ts'
import { PayloadReader } from './payload-reader.ts'
import { PacketViolation } from './violation.ts'

export interface ExecuteBody {
  readonly nulls: Buffer
  /** Undefined: as in the execution before. */
  readonly types: Buffer | undefined
  readonly values: Buffer
}

const NOTHING = Buffer.alloc(0)
export const NO_PARAMETERS: ExecuteBody = { nulls: NOTHING, types: undefined, values: NOTHING }

export function decodeExecuteBody(body: Buffer, parameters: number): ExecuteBody {
  if (parameters === 0) return NO_PARAMETERS
  const reader = new PayloadReader(body)
  const nulls = reader.bytes((parameters + 7) >> 3)
  const hasTypes = reader.uint8() === 1
  const types = hasTypes ? reader.bytes(parameters * 2) : undefined
  return { nulls, types, values: reader.rest() }
}

/** With the types always said: another backend connection may not have heard them. */
export function encodeExecuteBody(body: ExecuteBody): Buffer {
  return Buffer.concat(executeParts(body))
}

export function executeParts({ nulls, types, values }: ExecuteBody): readonly Buffer[] {
  return types === undefined ? [nulls, values] : [nulls, TYPES_FOLLOW, types, values]
}

const TYPES_FOLLOW = Buffer.of(1)

export type ParameterValue = null | bigint | number | string | Buffer

/** `longData` holds what came by COM_STMT_SEND_LONG_DATA in place of a value, by parameter. */
export function decodeParameters(
  body: ExecuteBody,
  types: Buffer,
  longData: ReadonlyMap<number, Buffer>,
): readonly ParameterValue[] {
  const reader = new PayloadReader(body.values)
  return Array.from({ length: types.length / 2 }, (_, index) => {
    const long = longData.get(index)
    const type = types.readUInt8(index * 2)
    if (long !== undefined) return isBinaryType(type) ? long : long.toString('utf8')
    const isNull = ((body.nulls.readUInt8(index >> 3) >> (index & 7)) & 1) === 1
    if (isNull) return null
    const isUnsigned = (types.readUInt8(index * 2 + 1) & 0x80) !== 0
    return readValue(reader, type, isUnsigned ? 'unsigned' : 'signed')
  })
}

function isBinaryType(type: number): boolean {
  return type >= FIELD_TYPE.tinyBlob && type <= FIELD_TYPE.blob
}

type Sign = 'signed' | 'unsigned'

/** One value in the binary protocol. */
export function readValue(reader: PayloadReader, type: number, sign: Sign): ParameterValue {
  switch (type) {
    case FIELD_TYPE.null:
      return null
    case FIELD_TYPE.tiny:
      return integer(reader.bytes(1), sign)
    case FIELD_TYPE.short:
    case FIELD_TYPE.year:
      return integer(reader.bytes(2), sign)
    case FIELD_TYPE.long:
    case FIELD_TYPE.int24:
      return integer(reader.bytes(4), sign)
    case FIELD_TYPE.longLong:
      return integer(reader.bytes(8), sign)
    case FIELD_TYPE.float:
      return reader.bytes(4).readFloatLE()
    case FIELD_TYPE.double:
      return reader.bytes(8).readDoubleLE()
    case FIELD_TYPE.date:
    case FIELD_TYPE.datetime:
    case FIELD_TYPE.timestamp:
      return dateText(reader, type)
    case FIELD_TYPE.time:
      return timeText(reader)
    default:
      return bytesValue(reader, type)
  }
}

function integer(bytes: Buffer, sign: Sign): bigint {
  let value = 0n
  for (const byte of [...bytes].reverse()) value = (value << 8n) | BigInt(byte)
  return sign === 'unsigned' ? value : BigInt.asIntN(bytes.length * 8, value)
}

function bytesValue(reader: PayloadReader, type: number): ParameterValue {
  if (isBinaryType(type) || type === FIELD_TYPE.bit) return reader.lenencBytes()
  if (!TEXT_TYPES.has(type)) throw new PacketViolation(`parameter type ${type} is not known`)
  return reader.lenencBytes().toString('utf8')
}

const TEXT_TYPES: ReadonlySet<number> = new Set([
  FIELD_TYPE.decimal,
  FIELD_TYPE.varChar,
  FIELD_TYPE.json,
  FIELD_TYPE.newDecimal,
  FIELD_TYPE.enum,
  FIELD_TYPE.set,
  FIELD_TYPE.varString,
  FIELD_TYPE.string,
  FIELD_TYPE.geometry,
])

function dateText(reader: PayloadReader, type: number): string {
  const part = new PayloadReader(reader.bytes(reader.uint8()))
  const two = () => `${part.remaining > 0 ? part.uint8() : 0}`.padStart(2, '0')
  const year = `${part.remaining > 0 ? part.uint16() : 0}`.padStart(4, '0')
  const date = `${year}-${two()}-${two()}`
  if (type === FIELD_TYPE.date) return date
  return `${date} ${two()}:${two()}:${two()}${micros(part)}`
}

function timeText(reader: PayloadReader): string {
  const part = new PayloadReader(reader.bytes(reader.uint8()))
  if (part.remaining === 0) return '00:00:00'
  const sign = part.uint8() === 1 ? '-' : ''
  const days = part.uint32()
  const two = (value: number) => `${value}`.padStart(2, '0')
  const hours = days * 24 + part.uint8()
  return `${sign}${two(hours)}:${two(part.uint8())}:${two(part.uint8())}${micros(part)}`
}

function micros(part: PayloadReader): string {
  return part.remaining < 4 ? '' : `.${`${part.uint32()}`.padStart(6, '0')}`
}
