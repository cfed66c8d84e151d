// What every feature stands on.
import type { LiveEvent } from '@articdbm/contract'
import type { MasterKey } from '@articdbm/credential'
import type { Store } from './store/index.ts'

export interface Log {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export type Area = Extract<LiveEvent, { type: 'changed' }>['what']

export interface Base {
  readonly store: Store
  readonly master: MasterKey
  readonly now: () => Date
  readonly log: Log
  /** Tells this process, after the commit, that what an area shows has changed. */
  readonly announce: (area: Area) => void
  /** Resolves once the gateways that follow this process have the revision; a slow one is waited for a second. */
  readonly inForce: (revision: number) => Promise<void>
}
