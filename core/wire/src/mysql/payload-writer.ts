// The fields of a payload as bytes; `Buffer.concat` puts them together.

export function uint8(value: number): Buffer {
  return Buffer.of(value)
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2)
  bytes.writeUInt16LE(value & 0xffff)
  return bytes
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32LE(value >>> 0)
  return bytes
}

export function zeros(count: number): Buffer {
  return Buffer.alloc(count)
}

export function nullTerminated(text: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from(text as string), Buffer.of(0)])
}

export function lenenc(value: number | bigint): Buffer {
  const wide = BigInt(value)
  if (wide < 0xfbn) return Buffer.of(Number(wide))
  if (wide <= 0xffffn) return counted(0xfc, 2, wide)
  if (wide <= 0xff_ffffn) return counted(0xfd, 3, wide)
  return counted(0xfe, 8, wide)
}

export function lenencBytes(bytes: Uint8Array): Buffer {
  return Buffer.concat([lenenc(bytes.length), bytes])
}

export function lenencText(text: string): Buffer {
  return lenencBytes(Buffer.from(text, 'utf8'))
}

function counted(marker: number, width: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(1 + 8)
  bytes.writeUInt8(marker)
  bytes.writeBigUInt64LE(value, 1)
  return bytes.subarray(0, 1 + width)
}
