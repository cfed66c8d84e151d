// Passwords at rest: bcrypt for the web, and at the same moment the SCRAM verifier that the doors use.
import { createHmac, randomBytes, randomInt } from 'node:crypto'
import type { ScramVerifier } from '@articdbm/contract'
import { deriveKey, deriveVerifier, type MasterKey, SCRAM_SALT_BYTES } from '@articdbm/credential'
import bcrypt from 'bcrypt'

export interface HashedPassword {
  readonly passwordHash: string
  readonly scram: ScramVerifier
}

export interface Passwords {
  hash(password: string): Promise<HashedPassword>
  /** Takes as long for an unknown person (undefined) as for a known one. */
  isRight(password: string, hash: string | undefined): Promise<boolean>
}

export function createPasswords(master: MasterKey, cost: number): Passwords {
  const pepper = deriveKey(master, 'password pepper')
  // Of a password nobody knows, so that an unknown name costs what a known one costs.
  const nobody = bcrypt.hash(peppered(pepper, randomBytes(32).toString('hex')), cost)
  return {
    hash: async (password) => ({
      passwordHash: await bcrypt.hash(peppered(pepper, password), cost),
      scram: await deriveVerifier(password, randomBytes(SCRAM_SALT_BYTES)),
    }),
    isRight: async (password, hash) => {
      const isSame = await bcrypt.compare(peppered(pepper, password), hash ?? (await nobody))
      return isSame && hash !== undefined
    },
  }
}

/** bcrypt cuts at 72 bytes: 48 bytes in base64 are 64. */
function peppered(pepper: Uint8Array, password: string): string {
  return createHmac('sha384', pepper).update(password.normalize('NFKC')).digest('base64')
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP_LENGTH = 5

/** 99 bits, without characters that look alike, in groups that can be read out. */
export function oneTimePassword(): string {
  const letter = (): string => ALPHABET[randomInt(ALPHABET.length)] ?? ''
  const group = (): string => Array.from({ length: GROUP_LENGTH }, letter).join('')
  return Array.from({ length: GROUPS }, group).join('-')
}
