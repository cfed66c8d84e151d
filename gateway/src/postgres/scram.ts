// SCRAM-SHA-256 messages (RFC 5802 section 7); the arithmetic is the credential room's.
import type { ScramVerifier } from '@articdbm/contract'
import { ProtocolViolation } from '@articdbm/contract'
import { clientProof, isProofOf, saltPassword, serverSignature } from '@articdbm/credential'

export const MECHANISM = 'SCRAM-SHA-256'
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

/** The server's side: answers the client's first message. */
export function answerScram(
  clientFirst: string,
  verifier: ScramVerifier,
  serverNonce: string,
): ServerExchange {
  const { gs2, bare, nonce } = readClientFirst(clientFirst)
  const wholeNonce = nonce + serverNonce
  const first = `r=${wholeNonce},s=${verifier.salt},i=${verifier.iterations}`
  const verify = (clientFinal: string): string | undefined => {
    const { binding, given, proof, withoutProof } = readClientFinal(clientFinal)
    if (Buffer.from(binding, 'base64').toString('latin1') !== gs2) {
      throw new ProtocolViolation('SCRAM channel binding check failed')
    }
    if (given !== wholeNonce) throw new ProtocolViolation('invalid SCRAM response (nonce mismatch)')
    const authMessage = `${bare},${first},${withoutProof}`
    if (!isProofOf(verifier, authMessage, Buffer.from(proof, 'base64'))) return undefined
    return `v=${serverSignature(verifier, authMessage).toString('base64')}`
  }
  return { first, verify }
}

function readClientFirst(message: string): { gs2: string; bare: string; nonce: string } {
  const match = message.match(/^([nyp])(=[^,]*)?,(a=[^,]*)?,(.*)$/s)
  if (!match) throw malformed()
  const [, flag, , authzid, bare = ''] = match
  if (flag === 'p') throw new ProtocolViolation('SCRAM channel binding is not offered here')
  if (authzid) throw new ProtocolViolation('SCRAM authorization names are not supported')
  const nonce = bare.match(/^n=[^,]*,r=([^,]*)(?:,.*)?$/s)?.[1]
  if (nonce === undefined || nonce.length > MAX_NONCE || !NONCE.test(nonce)) throw malformed()
  return { gs2: `${flag},,`, bare, nonce }
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

/** The client's side, for a backend that asks for it. */
export function beginScram(password: string, clientNonce: string): ClientExchange {
  const bare = `n=,r=${clientNonce}`
  const prove = async (serverFirst: string) => {
    const { nonce, salt, iterations } = readServerFirst(serverFirst, clientNonce)
    const withoutProof = `c=biws,r=${nonce}`
    const salted = await saltPassword(password, Buffer.from(salt, 'base64'), iterations)
    const { proof, serverSignature: signature } = clientProof(
      salted,
      `${bare},${serverFirst},${withoutProof}`,
    )
    const final = `${withoutProof},p=${proof.toString('base64')}`
    return { final, expected: `v=${signature.toString('base64')}` }
  }
  return { first: `n,,${bare}`, prove }
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
