// A segment is a row of blocks, one a write. A block: eight hexadecimal digits of CRC-32 over its body, a space, the
// body's length in bytes, a line feed; then the body, one event a line, as JSON with a line feed behind it.
import { crc32 } from 'node:zlib'
import type { AuditEvent } from '@articdbm/contract'

const LINE_FEED = 0x0a
const MAX_HEADER_BYTES = 24

export function linesOf(events: readonly AuditEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('')
}

export function encodeBlock(lines: string): Buffer {
  const body = Buffer.from(lines)
  return Buffer.concat([Buffer.from(`${checksum(body)} ${body.length}\n`), body])
}

export interface Block {
  /** Undefined where a crash tore it, or somebody changed it. */
  readonly body: Buffer | undefined
  /** Where the next one begins. */
  readonly end: number
}

/** The block that begins here; how many bytes it needs where there are fewer; undefined where none begins. */
export function readBlock(bytes: Buffer, start: number): Block | number | undefined {
  const lineEnd = bytes.subarray(start, start + MAX_HEADER_BYTES).indexOf(LINE_FEED)
  if (lineEnd < 0) return bytes.length - start < MAX_HEADER_BYTES ? MAX_HEADER_BYTES : undefined
  const header = /^([0-9a-f]{8}) (\d{1,10})$/.exec(bytes.toString('latin1', start, start + lineEnd))
  if (!header) return undefined
  const bodyStart = start + lineEnd + 1
  const end = bodyStart + Number(header[2])
  if (end > bytes.length) return end - start
  const body = bytes.subarray(bodyStart, end)
  return { body: checksum(body) === header[1] ? body : undefined, end }
}

/** How many events a body holds. */
export function countLines(body: Buffer): number {
  let lines = 0
  for (let at = body.indexOf(LINE_FEED); at >= 0; at = body.indexOf(LINE_FEED, at + 1)) lines += 1
  return lines
}

function checksum(body: Buffer): string {
  return crc32(body).toString(16).padStart(8, '0')
}
