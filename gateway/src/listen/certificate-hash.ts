// The hash of a certificate that channel binding wants (RFC 5929, tls-server-end-point): by its own signature's
// algorithm, SHA-256 in the place of MD5 and SHA-1.
import { createHash } from 'node:crypto'

const SEQUENCE = 0x30
const OBJECT_ID = 0x06
const HASH_PARAMETER = 0xa0
const LONG_LENGTH = 0x80
const MAX_LENGTH_BYTES = 4

const RSA_PSS = '2a864886f70d01010a'

/** By the object identifier of a signature's algorithm, or of a hash. */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['2a864886f70d010104', 'sha256'], // md5WithRSAEncryption
  ['2a864886f70d010105', 'sha256'], // sha1WithRSAEncryption
  ['2a864886f70d01010e', 'sha224'],
  ['2a864886f70d01010b', 'sha256'],
  ['2a864886f70d01010c', 'sha384'],
  ['2a864886f70d01010d', 'sha512'],
  ['2a8648ce3d0401', 'sha256'], // ecdsa-with-SHA1
  ['2a8648ce3d040301', 'sha224'],
  ['2a8648ce3d040302', 'sha256'],
  ['2a8648ce3d040303', 'sha384'],
  ['2a8648ce3d040304', 'sha512'],
  ['2b0e03021a', 'sha256'], // sha1
  ['608648016503040204', 'sha224'],
  ['608648016503040201', 'sha256'],
  ['608648016503040202', 'sha384'],
  ['608648016503040203', 'sha512'],
])

/** Undefined where the signature names no hash (Ed25519): then nothing can be bound to it. */
export function certificateHash(der: Buffer): Buffer | undefined {
  const algorithm = signatureAlgorithm(der)
  const hash = algorithm && hashOf(algorithm)
  return hash ? createHash(hash).update(der).digest() : undefined
}

interface Element {
  readonly tag: number
  readonly body: Buffer
  readonly rest: Buffer
}

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature } */
function signatureAlgorithm(der: Buffer): Buffer | undefined {
  const certificate = element(der, SEQUENCE)
  const signed = certificate && element(certificate.body, SEQUENCE)
  return signed && element(signed.rest, SEQUENCE)?.body
}

function hashOf(algorithm: Buffer): string | undefined {
  const id = element(algorithm, OBJECT_ID)
  if (!id) return undefined
  const name = id.body.toString('hex')
  return name === RSA_PSS ? hashOfPss(id.rest) : HASHES.get(name)
}

/** RSASSA-PSS-params ::= SEQUENCE { [0] hashAlgorithm DEFAULT sha1, … } */
function hashOfPss(parameters: Buffer): string | undefined {
  const fields = element(parameters, SEQUENCE)
  if (!fields) return undefined
  const given = element(fields.body, HASH_PARAMETER)
  if (!given) return 'sha256'
  const algorithm = element(given.body, SEQUENCE)
  const id = algorithm && element(algorithm.body, OBJECT_ID)
  return id && HASHES.get(id.body.toString('hex'))
}

function element(der: Buffer, tag: number): Element | undefined {
  const first = der[1]
  if (der[0] !== tag || first === undefined) return undefined
  const lengthBytes = first < LONG_LENGTH ? 0 : first - LONG_LENGTH
  const start = 2 + lengthBytes
  if (lengthBytes > MAX_LENGTH_BYTES || der.length < start) return undefined
  const length = lengthBytes === 0 ? first : der.readUIntBE(2, lengthBytes)
  const end = start + length
  if (first === LONG_LENGTH || end > der.length) return undefined
  return { tag, body: der.subarray(start, end), rest: der.subarray(end) }
}
