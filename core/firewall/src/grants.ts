import type { Action, Dialect, Policy, SnapshotGrant } from '@articdbm/contract'
import type { Relation } from '@articdbm/sql'

/** The grants that are open now, with what is needed to match them. */
export interface GrantScope {
  readonly person: string
  readonly database: string
  readonly defaultSchema: string
  readonly policy: Policy
  readonly grants: readonly SnapshotGrant[]
}

export function openGrants(input: {
  readonly dialect: Dialect
  readonly person: string
  readonly database: { readonly name: string; readonly defaultSchema: string }
  readonly grants: readonly SnapshotGrant[]
  readonly policy: Policy
  readonly nowMs: number
}): GrantScope {
  return {
    person: input.person,
    database: input.database.name,
    defaultSchema: input.database.defaultSchema,
    policy: input.policy,
    grants: input.grants
      .filter((grant) => isOpen(grant, input.nowMs))
      .map((grant) => asEngineNames(grant, input.dialect)),
  }
}

/** SQLite's names are the same in any case; `core/sql` gives them in lower case. */
function asEngineNames(grant: SnapshotGrant, dialect: Dialect): SnapshotGrant {
  if (dialect !== 'sqlite') return grant
  return { ...grant, schema: grant.schema.toLowerCase(), table: grant.table.toLowerCase() }
}

function isOpen(grant: SnapshotGrant, nowMs: number): boolean {
  return grant.validUntil === null || Date.parse(grant.validUntil) > nowMs
}

/** Some grant names this very relation, its schema, or everything. */
export function maySee(scope: GrantScope, relation: Relation, action: Action): boolean {
  return scope.grants.some(
    (grant) =>
      allows(grant, action) &&
      coversTable(grant, relation.name) &&
      coversSchema(grant, relation.schema ?? scope.defaultSchema, scope.defaultSchema),
  )
}

/** Whoever holds an action on every table of every schema. */
export function holdsEverywhere(scope: GrantScope, action: Action): boolean {
  return scope.grants.some(
    (grant) => allows(grant, action) && grant.schema === '*' && grant.table === '*',
  )
}

export function holdsAnything(scope: GrantScope): boolean {
  return scope.grants.length > 0
}

function allows(grant: SnapshotGrant, action: Action): boolean {
  return grant.actions.includes(action)
}

function coversTable(grant: SnapshotGrant, table: string): boolean {
  return grant.table === '*' || grant.table === table
}

function coversSchema(grant: SnapshotGrant, schema: string, defaultSchema: string): boolean {
  if (grant.schema === '*') return true
  return grant.schema === '' ? schema === defaultSchema : grant.schema === schema
}
