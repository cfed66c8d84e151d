// caching_sha2_password, the server's side: the fast way where the digest is known, else the password itself,
// through TLS or encrypted for the gateway's key.
import { isCachingSha2Scramble } from '@articdbm/credential'
import { encodeAuthSwitch, encodeMoreData } from '@articdbm/wire/mysql'
import type { Candidate, Identity } from '../../identity/identity.ts'
import { CACHING_SHA2 } from '../backend/password.ts'
import type { PacketChannel } from '../channel.ts'
import { createNonce } from './nonce.ts'
import { type ServerKey, withoutNull } from './server-key.ts'

const FAST_OK = Buffer.of(3)
const FULL_AUTHENTICATION = Buffer.of(4)
const ASKS_PUBLIC_KEY = 2

export interface Claim {
  readonly candidate: Candidate
  readonly plugin: string
  readonly response: Buffer
  readonly nonce: Buffer
  /** Of the client's last packet. */
  readonly sequence: number
}

export interface Proof {
  readonly isProved: boolean
  /** Of the last packet in either direction. */
  readonly sequence: number
}

export interface Prover {
  readonly identity: Identity
  readonly serverKey: Promise<ServerKey>
}

export async function prove(channel: PacketChannel, claim: Claim, prover: Prover): Promise<Proof> {
  const answered = claim.plugin === CACHING_SHA2 ? claim : await switchPlugin(channel, claim)
  if (!isFast(answered)) return proveFully(channel, answered, prover)
  await channel.send(encodeMoreData(FAST_OK), answered.sequence + 1)
  return { isProved: true, sequence: answered.sequence + 1 }
}

async function switchPlugin(channel: PacketChannel, claim: Claim): Promise<Claim> {
  const nonce = createNonce()
  await channel.send(encodeAuthSwitch({ plugin: CACHING_SHA2, nonce }), claim.sequence + 1)
  const { payload, sequence } = await channel.next(claim.sequence + 2)
  return { ...claim, plugin: CACHING_SHA2, response: payload, nonce, sequence }
}

function isFast({ candidate, response, nonce }: Claim): boolean {
  const digest = candidate.fastDigest
  return digest !== undefined && isCachingSha2Scramble(response, digest, nonce)
}

async function proveFully(channel: PacketChannel, claim: Claim, prover: Prover): Promise<Proof> {
  // An empty password is sent as nothing, and never the right one.
  if (claim.response.length <= 1) return { isProved: false, sequence: claim.sequence }
  await channel.send(encodeMoreData(FULL_AUTHENTICATION), claim.sequence + 1)
  const first = await channel.next(claim.sequence + 2)
  const { password, sequence } = channel.isEncrypted
    ? { password: withoutNull(first.payload), sequence: first.sequence }
    : await encryptedPassword(
        channel,
        { ...claim, response: first.payload, sequence: first.sequence },
        prover,
      )
  const isProved =
    password !== undefined && (await prover.identity.isPassword(claim.candidate, password))
  return { isProved, sequence }
}

/** Without TLS: the client asks for the key, unless it has it already. */
async function encryptedPassword(channel: PacketChannel, claim: Claim, prover: Prover) {
  const key = await prover.serverKey
  const isAsking = claim.response.length === 1 && claim.response[0] === ASKS_PUBLIC_KEY
  if (!isAsking) {
    return { password: key.decrypt(claim.response, claim.nonce), sequence: claim.sequence }
  }
  await channel.send(encodeMoreData(key.publicPem), claim.sequence + 1)
  const { payload, sequence } = await channel.next(claim.sequence + 2)
  return { password: key.decrypt(payload, claim.nonce), sequence }
}
