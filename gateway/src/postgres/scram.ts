// SCRAM-SHA-256 messages (RFC 5802 section 7); the arithmetic is the credential room's.
import type { ScramVerifier } from '@articdbm/contract'
import { ProtocolViolation } from '@articdbm/contract'
import { clientProof, isProofOf, saltPassword, serverSignature } from '@articdbm/credential'

export const MECHANISM = 'SCRAM-SHA-256'
/** With the server's certificate bound in (RFC 5929, tls-server-end-point). */
export const MECHANISM_PLUS = 'SCRAM-SHA-256-PLUS'
const BOUND_HEADER = 'p=tls-server-end-point,,'
const MAX_NONCE = 512
const MAX_ITERATIONS = 1_000_000
/** Printable ASCII but for the comma. */
const NONCE = /^[\x21-\x2b\x2d-\x7e]+$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

export interface ServerExchange {
  readonly first: string
  /** Undefined: the proof is wrong. */
  verify(clientFinal: string): string | undefined
}

export interface ServerFacts {
  readonly verifier: ScramVerifier
  readonly nonce: string
  /** Which of the two the client chose. */
  readonly mechanism: string
  /** The certificate's hash, where PLUS was offered. */
  readonly binding: Buffer | undefined
}

/** The server's side: answers the client's first message. */
export function answerScram(clientFirst: string, facts: ServerFacts): ServerExchange {
  const { verifier } = facts
  const { header, bare, nonce } = readClientFirst(clientFirst)
  const bound = boundBytes(header, facts)
  const wholeNonce = nonce + facts.nonce
  const first = `r=${wholeNonce},s=${verifier.salt},i=${verifier.iterations}`
  const verify = (clientFinal: string): string | undefined => {
    const { binding, given, proof, withoutProof } = readClientFinal(clientFinal)
    if (!Buffer.from(binding, 'base64').equals(bound)) {
      throw new ProtocolViolation('SCRAM channel binding check failed')
    }
    if (given !== wholeNonce) throw new ProtocolViolation('invalid SCRAM response (nonce mismatch)')
    const authMessage = `${bare},${first},${withoutProof}`
    if (!isProofOf(verifier, authMessage, Buffer.from(proof, 'base64'))) return undefined
    return `v=${serverSignature(verifier, authMessage).toString('base64')}`
  }
  return { first, verify }
}

/** What the client must repeat in its final message: its header, and the certificate's hash where it binds to it. */
function boundBytes(header: string, { mechanism, binding }: ServerFacts): Buffer {
  const isPlus = mechanism === MECHANISM_PLUS && binding !== undefined
  if (isPlus !== header.startsWith('p')) {
    throw new ProtocolViolation('the SCRAM mechanism and its channel binding do not fit together')
  }
  if (isPlus && header !== BOUND_HEADER) {
    throw new ProtocolViolation('unsupported SCRAM channel binding type')
  }
  // "y" says that the server didn't offer it: somebody between has taken the offer away.
  if (header.startsWith('y') && binding !== undefined) {
    throw new ProtocolViolation('SCRAM channel binding negotiation error')
  }
  return Buffer.concat([Buffer.from(header), ...(isPlus ? [binding] : [])])
}

function readClientFirst(message: string): { header: string; bare: string; nonce: string } {
  const match = message.match(/^((?:[ny]|p=[A-Za-z0-9.-]{1,64}),)(a=[^,]*)?,(.*)$/s)
  if (!match) throw malformed()
  const [, flag = '', authzid, bare = ''] = match
  if (authzid) throw new ProtocolViolation('SCRAM authorization names are not supported')
  const nonce = bare.match(/^n=[^,]*,r=([^,]*)(?:,.*)?$/s)?.[1]
  if (nonce === undefined || nonce.length > MAX_NONCE || !NONCE.test(nonce)) throw malformed()
  return { header: `${flag},`, bare, nonce }
}

function readClientFinal(message: string) {
  const match = message.match(/^(c=([^,]*),r=([^,]*)(?:,[^,]*)*?),p=([^,]*)$/s)
  if (!match) throw malformed()
  const [, withoutProof = '', binding = '', given = '', proof = ''] = match
  if (!BASE64.test(binding) || !BASE64.test(proof)) throw malformed()
  return { binding, given, proof, withoutProof }
}

export interface ClientExchange {
  readonly first: string
  /** Answers the server's first message; `expected` is what its last message must be. */
  prove(serverFirst: string): Promise<{ readonly final: string; readonly expected: string }>
}

/** What a client says of its channel: nothing to bind to, no PLUS on offer, or bound. */
export interface ChannelBinding {
  readonly header: string
  readonly hash: Buffer
}

const UNBOUND: ChannelBinding = { header: 'n,,', hash: Buffer.alloc(0) }

/** `hash` is of the server's certificate; undefined without TLS. */
export function channelBinding(hash: Buffer | undefined, isOffered: boolean): ChannelBinding {
  if (!hash) return UNBOUND
  return isOffered ? { header: BOUND_HEADER, hash } : { ...UNBOUND, header: 'y,,' }
}

/** The client's side, for a backend that asks for it. */
export function beginScram(
  password: string,
  clientNonce: string,
  { header, hash }: ChannelBinding = UNBOUND,
): ClientExchange {
  const bare = `n=,r=${clientNonce}`
  const bound = Buffer.concat([Buffer.from(header), hash]).toString('base64')
  const prove = async (serverFirst: string) => {
    const { nonce, salt, iterations } = readServerFirst(serverFirst, clientNonce)
    const withoutProof = `c=${bound},r=${nonce}`
    const salted = await saltPassword(password, Buffer.from(salt, 'base64'), iterations)
    const { proof, serverSignature: signature } = clientProof(
      salted,
      `${bare},${serverFirst},${withoutProof}`,
    )
    const final = `${withoutProof},p=${proof.toString('base64')}`
    return { final, expected: `v=${signature.toString('base64')}` }
  }
  return { first: `${header}${bare}`, prove }
}

function readServerFirst(message: string, clientNonce: string) {
  const match = message.match(/^r=([^,]+),s=([^,]+),i=(\d{1,8})(?:,.*)?$/s)
  const [, nonce = '', salt = '', count = ''] = match ?? []
  const iterations = Number(count)
  const isSound =
    nonce.startsWith(clientNonce) &&
    nonce.length > clientNonce.length &&
    nonce.length <= clientNonce.length + MAX_NONCE &&
    BASE64.test(salt) &&
    iterations >= 1 &&
    iterations <= MAX_ITERATIONS
  if (!isSound) throw malformed()
  return { nonce, salt, iterations }
}

function malformed(): ProtocolViolation {
  return new ProtocolViolation('malformed SCRAM message')
}
