// The pieces that messages are made of.

export function uint8(value: number): Buffer {
  return Buffer.from([value])
}

export function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2)
  bytes.writeUInt16BE(value & 0xffff)
  return bytes
}

export function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value | 0)
  return bytes
}

/** A text with its closing zero; a zero inside would end it early, so it is an error of ours. */
export function text(value: string): Buffer {
  if (value.includes('\0')) throw new RangeError('a text on the wire cannot hold a zero character')
  return Buffer.from(`${value}\0`, 'utf8')
}

export function value(bytes: Buffer | null): Buffer[] {
  return bytes === null ? [int32(-1)] : [int32(bytes.length), bytes]
}

export function list<T>(items: readonly T[], write: (item: T) => Buffer): Buffer[] {
  return [int16(items.length), ...items.map(write)]
}

/** Code, length, body. */
export function frame(code: number, parts: readonly Buffer[] = []): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4)
  return Buffer.concat([uint8(code), int32(length), ...parts], length + 1)
}

/** Length and body: what comes before a session has no code. */
export function bareFrame(parts: readonly Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 4)
  return Buffer.concat([int32(length), ...parts], length)
}
