import type { SnapshotDatabase } from '@articdbm/contract'
import {
  type CompiledMask,
  type Learnt,
  masksFor,
  NO_RULES,
  type RuleSet,
  rulesFor,
} from '@articdbm/firewall'
import type { SessionFacts } from '../session-facts.ts'
import { type Directory, isOpen } from '../snapshot/directory.ts'
import type { AdmissionOptions } from './create-admission.ts'

/** What a session's statements are judged by now. */
export interface Place {
  readonly directory: Directory
  readonly database: SnapshotDatabase
  /** Those of the database's rules that can hold for this session. */
  readonly rules: RuleSet
  /** What this person may not see of the database's columns. */
  readonly masks: readonly CompiledMask[]
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
  const { rules, masks } = ofCaller(facts, directory)
  return { directory, database, rules, masks, learnt, isOpen: isStillOpen }
}

/** As the audit records it, which is what learning reads. */
function learntAs(application: string): string {
  return application.slice(0, 255)
}

type OfCaller = Pick<Place, 'rules' | 'masks'>

const known = new WeakMap<SessionFacts, OfCaller & { readonly directory: Directory }>()
const NOTHING: OfCaller = { rules: NO_RULES, masks: [] }

/** Found out once a session and snapshot. */
function ofCaller(facts: SessionFacts, directory: Directory): OfCaller {
  if (directory.rules.length === 0 && directory.masks.length === 0) return NOTHING
  const found = known.get(facts)
  if (found?.directory === directory) return found
  const { principal, address, application, door, databaseId } = facts
  const role = directory.principal(principal.id)?.role ?? principal.role
  const caller = { person: principal.name, role, address, application, door }
  const rules = rulesFor(directory.rules, databaseId, caller)
  const masks = masksFor(directory.masks, databaseId, { principalId: principal.id, role })
  const made = { directory, rules, masks }
  known.set(facts, made)
  return made
}
