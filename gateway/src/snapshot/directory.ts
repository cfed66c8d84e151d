// A snapshot with its look-ups: made once a revision, shared by every session, never changed.
import type {
  Snapshot,
  SnapshotBypass,
  SnapshotDatabase,
  SnapshotGrant,
  SnapshotLearnt,
  SnapshotMask,
  SnapshotPrincipal,
  SnapshotRule,
} from '@articdbm/contract'
import type { Learnt } from '@articdbm/firewall'

const NO_GRANTS: readonly SnapshotGrant[] = []
const NO_BYPASSES: readonly SnapshotBypass[] = []

export class Directory {
  readonly snapshot: Snapshot
  /** In their order. */
  readonly rules: readonly SnapshotRule[]
  readonly masks: readonly SnapshotMask[]
  readonly #principals: ReadonlyMap<string, SnapshotPrincipal>
  readonly #principalNames: ReadonlyMap<string, SnapshotPrincipal>
  readonly #databases: ReadonlyMap<string, SnapshotDatabase>
  readonly #databaseNames: ReadonlyMap<string, SnapshotDatabase>
  readonly #grants: ReadonlyMap<string, readonly SnapshotGrant[]>
  readonly #bypasses: ReadonlyMap<string, readonly SnapshotBypass[]>
  readonly #learnt: ReadonlyMap<string, Learnt>

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot
    this.rules = snapshot.rules ?? []
    this.masks = snapshot.masks ?? []
    this.#principals = new Map(snapshot.principals.map((one) => [one.id, one]))
    this.#principalNames = new Map(snapshot.principals.map((one) => [fold(one.name), one]))
    this.#databases = new Map(snapshot.databases.map((one) => [one.id, one]))
    this.#databaseNames = new Map(snapshot.databases.map((one) => [fold(one.name), one]))
    this.#grants = Map.groupBy(snapshot.grants, (grant) =>
      pair(grant.principalId, grant.databaseId),
    )
    this.#learnt = new Map(
      (snapshot.learnt ?? []).map((one) => [applicationKey(one), asLearnt(one)]),
    )
    this.#bypasses = Map.groupBy(snapshot.bypasses ?? [], ({ databaseId }) => databaseId)
  }

  get revision(): number {
    return this.snapshot.revision
  }

  principal(id: string): SnapshotPrincipal | undefined {
    return this.#principals.get(id)
  }

  /** Names are the same in any case. */
  principalNamed(name: string): SnapshotPrincipal | undefined {
    return this.#principalNames.get(fold(name))
  }

  database(id: string): SnapshotDatabase | undefined {
    return this.#databases.get(id)
  }

  databaseNamed(name: string): SnapshotDatabase | undefined {
    return this.#databaseNames.get(fold(name))
  }

  grants(principalId: string, databaseId: string): readonly SnapshotGrant[] {
    return this.#grants.get(pair(principalId, databaseId)) ?? NO_GRANTS
  }

  /** What a person's application is known to send to a database. */
  learnt(principalId: string, databaseId: string, application: string): Learnt | undefined {
    return this.#learnt.get(applicationKey({ principalId, databaseId, application }))
  }

  bypasses(databaseId: string): readonly SnapshotBypass[] {
    return this.#bypasses.get(databaseId) ?? NO_BYPASSES
  }
}

type Application = Pick<SnapshotLearnt, 'principalId' | 'databaseId' | 'application'>

function applicationKey({ principalId, databaseId, application }: Application): string {
  return `${principalId} ${databaseId} ${application}`
}

function asLearnt(one: SnapshotLearnt): Learnt {
  const { statements, novelty, structureNovelty } = one
  const sets = { traits: new Set(one.traits), denied: new Set(one.denied) }
  return { statements, novelty, structureNovelty, ...sets }
}

/** A principal that may log in now. */
export function isOpen(principal: SnapshotPrincipal, nowMs: number): boolean {
  if (!principal.isActive) return false
  return principal.validUntil === null || Date.parse(principal.validUntil) > nowMs
}

function fold(name: string): string {
  return name.toLowerCase()
}

function pair(principalId: string, databaseId: string): string {
  return `${principalId} ${databaseId}`
}
