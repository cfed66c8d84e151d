import type { SnapshotDatabase } from '@articdbm/contract'
import { type Learnt, NO_RULES, type RuleSet, rulesFor } from '@articdbm/firewall'
import type { SessionFacts } from '../session-facts.ts'
import { type Directory, isOpen } from '../snapshot/directory.ts'
import type { AdmissionOptions } from './create-admission.ts'

/** What a session's statements are judged by now. */
export interface Place {
  readonly directory: Directory
  readonly database: SnapshotDatabase
  /** Those of the database's rules that can hold for this session. */
  readonly rules: RuleSet
  /** What this person's application is known to send; undefined where nothing is, or nobody asks. */
  readonly learnt: Learnt | undefined
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
  const learnt = directory.learnt(facts.principal.id, database.id, learntAs(facts.application))
  return { directory, database, rules: rulesOf(facts, directory), learnt, isOpen: isStillOpen }
}

/** As the audit records it, which is what learning reads. */
function learntAs(application: string): string {
  return application.slice(0, 255)
}

const known = new WeakMap<
  SessionFacts,
  { readonly directory: Directory; readonly rules: RuleSet }
>()

/** Found out once a session and snapshot. */
function rulesOf(facts: SessionFacts, directory: Directory): RuleSet {
  if (directory.rules.length === 0) return NO_RULES
  const found = known.get(facts)
  if (found?.directory === directory) return found.rules
  const { principal, address, application, door, databaseId } = facts
  const role = directory.principal(principal.id)?.role ?? principal.role
  const caller = { person: principal.name, role, address, application, door }
  const rules = rulesFor(directory.rules, databaseId, caller)
  known.set(facts, { directory, rules })
  return rules
}
