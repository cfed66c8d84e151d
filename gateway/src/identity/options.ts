import type { SessionOpened } from '@articdbm/contract'
import type { MasterKey } from '@articdbm/credential'
import type { Directory } from '../snapshot/directory.ts'

export interface IdentityOptions {
  readonly master: MasterKey
  readonly gateway: string
  readonly directory: () => Directory | undefined
  readonly reached: (revision: number, timeoutMs: number) => Promise<boolean>
  readonly record: (event: SessionOpened) => Promise<void>
  readonly loginRefused: () => void
  /** Who comes with a password of their own must show a certificate for their name, too. */
  readonly demandsCertificate?: boolean
  readonly nowMs: () => number
}
