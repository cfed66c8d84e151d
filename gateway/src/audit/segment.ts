// One line an event: eight hexadecimal digits of CRC-32 over the JSON, a space, the JSON, a line feed.
import { crc32 } from 'node:zlib'
import { AuditEvent } from '@articdbm/contract'
import { Compile } from 'typebox/compile'

const CHECKSUM_LENGTH = 8
const isAuditEvent = Compile(AuditEvent)

export function encodeEvent(event: AuditEvent): string {
  const json = JSON.stringify(event)
  return `${checksum(json)} ${json}\n`
}

/** Undefined for a line that was torn by a crash or changed on disk. */
export function decodeEvent(line: string): AuditEvent | undefined {
  const json = line.slice(CHECKSUM_LENGTH + 1)
  if (line.slice(0, CHECKSUM_LENGTH) !== checksum(json)) return undefined
  const event: unknown = JSON.parse(json)
  return isAuditEvent.Check(event) ? event : undefined
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(CHECKSUM_LENGTH, '0')
}
