// PROXY protocol, versions 1 and 2 (haproxy.org/download/2.9/doc/proxy-protocol.txt): who is behind a load balancer.
import { isIP } from 'node:net'
import { ProtocolViolation } from '@articdbm/contract'

const V1_START = Buffer.from('PROXY ')
const V1_MAX_BYTES = 107
const V2_START = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const V2_FIXED_BYTES = 16
/** Addresses take 216 at most; TLVs of a certificate's names a little more. */
const V2_MAX_BODY_BYTES = 4_096

const LOCAL = 0x20
const PROXY = 0x21
const V1_PORT = /^(?:0|[1-9]\d{0,4})$/
const MAX_PORT = 65_535

export interface ProxyHeader {
  readonly bytes: number
  /** Undefined where the header names nobody: a check of the load balancer's own, a UNIX socket. */
  readonly source: string | undefined
}

/** Undefined until the header is whole; throws where there is none. */
export function readProxyHeader(bytes: Buffer): ProxyHeader | undefined {
  if (startsAs(bytes, V2_START)) return bytes.length < V2_FIXED_BYTES ? undefined : readV2(bytes)
  if (startsAs(bytes, V1_START)) return readV1(bytes)
  throw new ProtocolViolation('a PROXY header is required from this address')
}

/** As far as it has come. */
function startsAs(bytes: Buffer, start: Buffer): boolean {
  const length = Math.min(bytes.length, start.length)
  return bytes.subarray(0, length).equals(start.subarray(0, length))
}

function readV1(bytes: Buffer): ProxyHeader | undefined {
  const end = bytes.subarray(0, V1_MAX_BYTES).indexOf('\r\n')
  if (end < 0) {
    if (bytes.length >= V1_MAX_BYTES) throw malformed()
    return undefined
  }
  const words = bytes.toString('latin1', 0, end).split(' ')
  return { bytes: end + 2, source: words[1] === 'UNKNOWN' ? undefined : sourceOf(words) }
}

function sourceOf([, family, source = '', target = '', ...ports]: readonly string[]): string {
  const version = family === 'TCP4' ? 4 : 6
  const isFamily = family === 'TCP4' || family === 'TCP6'
  const areAddresses = isIP(source) === version && isIP(target) === version
  const arePorts = ports.length === 2 && ports.every(isPort)
  if (!(isFamily && areAddresses && arePorts)) throw malformed()
  return source
}

function isPort(text: string): boolean {
  return V1_PORT.test(text) && Number(text) <= MAX_PORT
}

function readV2(bytes: Buffer): ProxyHeader | undefined {
  const [command = 0, family = 0] = bytes.subarray(V2_START.length)
  const bodyBytes = bytes.readUInt16BE(V2_FIXED_BYTES - 2)
  if (bodyBytes > V2_MAX_BODY_BYTES) throw malformed()
  if (command !== LOCAL && command !== PROXY) throw malformed()
  const end = V2_FIXED_BYTES + bodyBytes
  if (bytes.length < end) return undefined
  const body = bytes.subarray(V2_FIXED_BYTES, end)
  return { bytes: end, source: command === LOCAL ? undefined : addressOf(family, body) }
}

/** Streams only: a datagram can't be what this socket is for. TLVs behind the addresses are passed over. */
function addressOf(family: number, body: Buffer): string | undefined {
  switch (family) {
    case 0x00:
      return undefined
    case 0x11:
      return ipv4(sized(body, 12))
    case 0x21:
      return ipv6(sized(body, 36))
    case 0x31:
      sized(body, 216)
      return undefined
    default:
      throw malformed()
  }
}

function sized(body: Buffer, addressBytes: number): Buffer {
  if (body.length < addressBytes) throw malformed()
  return body
}

function ipv4(body: Buffer): string {
  return [...body.subarray(0, 4)].join('.')
}

function ipv6(body: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, at) => body.readUInt16BE(2 * at).toString(16))
  // As the URL standard writes it: the longest run of zeros shortened, so that one address has one spelling.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}

function malformed(): ProtocolViolation {
  return new ProtocolViolation('malformed PROXY header')
}
