import type { SnapshotDatabase } from '@articdbm/contract'
import type { SessionFacts } from '../session-facts.ts'
import { type Directory, isOpen } from '../snapshot/directory.ts'
import type { AdmissionOptions } from './create-admission.ts'

/** What a session's statements are judged by now. */
export interface Place {
  readonly directory: Directory
  readonly database: SnapshotDatabase
  /** False once the account is no longer open. */
  readonly isOpen: boolean
}

/** Undefined where the database is gone. */
export function placeOf(
  facts: SessionFacts,
  options: Pick<AdmissionOptions, 'directory' | 'nowMs'>,
): Place | undefined {
  const directory = options.directory()
  const database = directory?.database(facts.databaseId)
  if (!directory || !database) return undefined
  const principal = directory.principal(facts.principal.id)
  const isStillOpen = principal !== undefined && isOpen(principal, options.nowMs())
  return { directory, database, isOpen: isStillOpen }
}
